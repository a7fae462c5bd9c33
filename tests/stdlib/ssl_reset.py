# A client that leaves with a reset right after the handshake: for who reads, the connection has come to its end.
import socket, ssl, struct, threading


def context(protocol):
    made = ssl.SSLContext(protocol)
    made.check_hostname, made.verify_mode, made.maximum_version = False, ssl.CERT_NONE, ssl.TLSVersion.TLSv1_2
    made.set_ciphers("AECDH-AES256-SHA:@SECLEVEL=0")                   # anonymous: no certificate is needed
    return made


def serve(listener, ragged, gone):
    with context(ssl.PROTOCOL_TLS_SERVER).wrap_socket(listener.accept()[0], server_side=True, suppress_ragged_eofs=ragged) as connection:
        gone.wait()
        for name, act in ("recv", lambda: connection.recv(10)), ("recv again", lambda: connection.recv(10)), ("send", lambda: connection.send(b"x")):
            try:
                print(name, act())
            except OSError as error:
                print(name, type(error).__name__, error.args[0] if isinstance(error, ssl.SSLError) else error)


for ragged in True, False:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = threading.Event()
        server = threading.Thread(target=serve, args=(listener, ragged, gone))
        server.start()
        with context(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(socket.create_connection(listener.getsockname())) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.set()
        server.join()
