# Streams, servers, datagrams, pipes, child processes, single operations on sockets.
import asyncio, os, socket, tempfile

async def handler(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()
async def talk(reader, writer):
    writer.write(b"hello\n" + b"x" * 50000 + b"\n"); writer.write_eof()
    print(await reader.readline(), len(await reader.readexactly(50000)), await reader.read(), reader.at_eof())
    writer.close(); await writer.wait_closed()

class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport): self.transport = transport
    def datagram_received(self, data, addr): self.transport.sendto(data[::-1], addr)
class Collect(asyncio.DatagramProtocol):
    def __init__(self, future): self.future = future
    def datagram_received(self, data, addr): self.future.set_result(data)
class Log(asyncio.Protocol):
    def __init__(self): self.words, self.done = [], asyncio.get_running_loop().create_future()
    def connection_made(self, transport): self.words.append("made")
    def data_received(self, data): self.words.append(data)
    def eof_received(self): self.words.append("eof")
    def connection_lost(self, error): self.words.append(error); self.done.set_result(None)

async def main():
    loop = asyncio.get_running_loop()
    async with await asyncio.start_server(handler, "127.0.0.1", 0) as server:
        print(server.is_serving(), len(server.sockets))
        port = server.sockets[0].getsockname()[1]
        await talk(*await asyncio.open_connection("127.0.0.1", port))
        await asyncio.gather(*[talk(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(3)])
        transport, log = await loop.create_connection(Log, "127.0.0.1", port)
        transport.write(b"line\n"); transport.write_eof(); await log.done; print(log.words, transport.is_closing())
        sock = socket.socket(); sock.setblocking(False); await loop.sock_connect(sock, ("127.0.0.1", port)); await loop.sock_sendall(sock, b"raw\n"); print(await loop.sock_recv(sock, 9)); sock.close()
    print(server.is_serving(), server.sockets)
    try: await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError as error: print(error.errno)
    with tempfile.TemporaryDirectory() as folder:
        server = await asyncio.start_unix_server(handler, folder + "/s")
        await talk(*await asyncio.open_unix_connection(folder + "/s")); server.close(); await server.wait_closed()
    one, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    future = loop.create_future()
    two, _ = await loop.create_datagram_endpoint(lambda: Collect(future), remote_addr=one.get_extra_info("sockname"))
    two.sendto(b"abc"); print(await future); one.close(); two.close()
    r, w = os.pipe()
    reading, log = await loop.connect_read_pipe(Log, open(r, "rb", 0)); writing, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, open(w, "wb", 0))
    writing.write(b"through the pipe"); writing.close(); await log.done; print(log.words)
    child = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(len((await child.communicate(b"data" * 100000))[0]), child.returncode)
    child = await asyncio.create_subprocess_shell("echo out; echo err >&2; exit 3", stdout=-1, stderr=-1); print(await child.communicate(), child.returncode)
    child = await asyncio.create_subprocess_exec("sleep", "100"); child.kill(); print(await child.wait())
    reader = asyncio.StreamReader(limit=4); reader.feed_data(b"longer than that\n"); reader.feed_eof()
    for wait in (reader.readuntil, reader.readline, reader.readline, lambda: reader.readexactly(3)):
        try: print(await wait())
        except (ValueError, asyncio.LimitOverrunError, asyncio.IncompleteReadError) as error: print(type(error).__name__, error)
asyncio.run(main())
