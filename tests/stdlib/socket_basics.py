# Sockets: pairs, servers, timeouts, datagrams, descriptors, names, errors.
import array, os, select, socket, threading, time, warnings

a, b = socket.socketpair()
print(a.family.name, a.type.name, a.proto, a.getblocking(), a.gettimeout())
a.sendall(b"one"); print(b.recv(10), b.recv_into(bytearray(5), 0, socket.MSG_DONTWAIT) if select.select([b], [], [], 0)[0] else "nothing")
room = bytearray(8)
a.send(b"12345"); print(b.recv_into(room, 3), room, b.recvfrom(10))
print(socket.send_fds(a, [b"fd"], [1]), end=" ")
data, fds, flags, address = socket.recv_fds(b, 10, 4)
print(data, len(fds), flags, address, os.fstat(fds[0]).st_ino == os.fstat(1).st_ino); os.close(fds[0])
print(a.sendmsg([b"ab", bytearray(b"cd")]), b.recvmsg_into([bytearray(3), bytearray(3)])[0])
b.settimeout(0.02)
for wait in (lambda: b.recv(1), lambda: b.recvmsg(1)):
    try: wait()
    except TimeoutError as error: print(repr(error))
b.setblocking(False)
try: b.recv(1)
except BlockingIOError as error: print(error.errno == 11)
a.close(); print(b.recv(1), a.fileno(), repr(a)); b.close()

server = socket.create_server(("127.0.0.1", 0))
host, port = server.getsockname()
def serve():
    connection, peer = server.accept()
    with connection, connection.makefile("rb") as file:
        for line in file: connection.sendall(line.upper())
thread = threading.Thread(target=serve); thread.start()
with socket.create_connection((host, port), timeout=5) as client:
    client.sendall(b"hello\nworld\n"); client.shutdown(socket.SHUT_WR)
    got = b""
    while piece := client.recv(100): got += piece
    print(got, client.gettimeout(), client.family.name)
thread.join()

# another thread closes what one waits for: the wait ends, and the number is not used again by the waiter
def close_soon(): time.sleep(0.05); server.shutdown(socket.SHUT_RDWR); server.close()
thread = threading.Thread(target=close_soon); thread.start()
try: server.accept()
except OSError as error: print("accept", type(error).__name__)
thread.join()
try: socket.create_connection((host, port), timeout=2)
except ConnectionRefusedError as error: print(error)

one, two = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
one.bind(("", 0)); two.connect(("127.0.0.1", one.getsockname()[1])); two.send(b"datagram")
data, address = one.recvfrom(100); print(data, address == two.getsockname(), one.sendto(b"back", 0, address), two.recv(9)); one.close(); two.close()
path = "\0abstract-%d" % os.getpid()
with socket.socket(socket.AF_UNIX) as local: local.bind(path); print(local.getsockname() == path.encode())
six = socket.socket(socket.AF_INET6) if socket.has_ipv6 else None
if six: six.close()

print(socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM), socket.getnameinfo(("127.0.0.1", 9), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV))
print(socket.gethostbyname("127.0.0.1"), socket.gethostbyname(""), socket.inet_aton("1.2.3.4"), socket.inet_ntop(socket.AF_INET6, b"\0" * 15 + b"\1"), socket.htons(1), socket.ntohl(1))
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\0" * 8)
print(bool(s.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)), s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8), s.connect_ex(("127.0.0.1", port)))
for bad in (lambda: s.bind("x"), lambda: s.bind((1, 2, 3)), lambda: s.bind(("127.0.0.1", 70000)), lambda: s.bind(("127.0.0.1", "x")), lambda: s.recv(-1), lambda: s.recv_into(bytearray(1), 5), lambda: s.sendto(b""),
            lambda: s.settimeout(-1), lambda: s.settimeout("x"), lambda: socket.socket(fileno=-1), lambda: socket.socket(fileno="x"), lambda: socket.inet_aton("x"), lambda: socket.inet_ntoa(b"x"),
            lambda: socket.htons(-1), lambda: socket.htonl(2**32), lambda: socket.getaddrinfo(3, 4), lambda: socket.CMSG_LEN(-1), lambda: s.sendmsg(3), lambda: s.sendmsg([b""], [3]), lambda: s.recvmsg(-1), lambda: s.recvmsg(1, -1),
            lambda: socket.socket(socket.AF_UNIX).bind("x" * 200), lambda: s.getsockopt(1, 2, 9999), lambda: socket.getservbyname("nonsense"), lambda: socket.if_nametoindex("nonsense"), lambda: s.sendall("text"), lambda: s.listen("x")):
    try:
        with warnings.catch_warnings(): warnings.simplefilter("ignore"); print(bad())
    except (OSError, ValueError, TypeError, OverflowError) as error: print(type(error).__name__, error)
s.close()
try: s.recv(1)
except OSError as error: print(error)
class Own(socket.socket): pass
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always"); Own(); print([w.category.__name__ for w in seen], str(seen[0].message).startswith("unclosed <__main__.Own"))
print(issubclass(socket.gaierror, OSError), socket.timeout is TimeoutError, socket.error is OSError)
