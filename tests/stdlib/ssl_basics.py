# TLS between two MemoryBIOs and over a socket pair, without a network: anonymous ciphers need no certificate.
import socket, ssl, threading
def contexts():
    for protocol in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT):
        context = ssl.SSLContext(protocol); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2; context.set_ciphers("AECDH-AES256-SHA:@SECLEVEL=0"); context.set_alpn_protocols(["b", "a"]); yield context
server_context, client_context = contexts()
a, b = ssl.MemoryBIO(), ssl.MemoryBIO()
client, server = client_context.wrap_bio(a, b, server_hostname="example.org"), server_context.wrap_bio(b, a, server_side=True)
names = []
server_context.sni_callback = lambda sock, name, context: names.append(name)
try: client.read()
except ssl.SSLWantReadError as error: print(error.args[0], error.reason)
waiting = {client, server}
while waiting:
    for each in list(waiting):
        try: each.do_handshake(); waiting.discard(each)
        except ssl.SSLWantReadError: pass
print(client.version(), client.cipher(), client.selected_alpn_protocol(), names, client.getpeercert(), client.session_reused, len(client.get_channel_binding()))
print(client.write(b"secret"), b"secret" in b.pending.to_bytes(4, "big"), server.read(), server.pending()); a.write_eof(); print(a.eof)

x, y = socket.socketpair()
def serve():
    with server_context.wrap_socket(y, server_side=True) as connection:
        while data := connection.recv(1000): connection.sendall(data.upper())
thread = threading.Thread(target=serve); thread.start()
with client_context.wrap_socket(x) as connection:
    connection.settimeout(5)
    sender = threading.Thread(target=connection.sendall, args=(b"abc" * 100000,)); sender.start()      # one writes while another reads
    count = 0
    while count < 300000: count += len(connection.recv(65536))
    sender.join(); print(count)
    connection.settimeout(0.01)
    try: connection.recv(1)
    except TimeoutError as error: print(error)
thread.join()
for bad in (lambda: ssl.SSLContext(99), lambda: client_context.set_ciphers("nonsense"), lambda: client_context.load_cert_chain("/nonexistent"), lambda: client_context.load_verify_locations(), lambda: client_context.load_verify_locations(cadata=""),
            lambda: client_context.wrap_bio(a, b, server_side=True), lambda: client_context.wrap_bio(a, b, server_hostname=""), lambda: setattr(client_context, "verify_mode", 9), lambda: a.write(b"x"), lambda: ssl.MemoryBIO().write("x"), lambda: server_context._set_alpn_protocols(3),
            lambda: ssl.nid2obj(-1) if hasattr(ssl, "nid2obj") else ssl._nid2obj(-1), lambda: ssl.RAND_bytes(-1), lambda: client_context.set_ecdh_curve("nonsense")):
    try: print(bad())
    except (OSError, ValueError, TypeError) as error: print(type(error).__name__, str(error).split(" (_ssl.c")[0])
print(len(ssl.RAND_bytes(9)), ssl.Purpose.SERVER_AUTH.oid, ssl.create_default_context().check_hostname)
