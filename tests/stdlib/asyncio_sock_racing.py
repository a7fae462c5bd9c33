# A sock_sendall() that was cancelled does not take away what the next one on the same socket waits for.
import asyncio, socket


async def main():
    loop = asyncio.get_running_loop()
    near, far = socket.socketpair()
    near.setblocking(False)
    far.setblocking(False)
    for size in 65536, 1:
        try:
            while True:
                near.send(b" " * size)
        except BlockingIOError:
            pass
    blocked = asyncio.create_task(loop.sock_sendall(near, b"hello"))
    await asyncio.sleep(0)
    blocked.cancel()

    async def receive():
        parts = []
        while data := await loop.sock_recv(far, 65536):
            parts.append(data.strip())
        return b"".join(parts)

    received = asyncio.create_task(receive())
    await loop.sock_sendall(near, b"world")
    near.close()
    print(await received, blocked.cancelled())
    far.close()

asyncio.run(asyncio.wait_for(main(), 20))
