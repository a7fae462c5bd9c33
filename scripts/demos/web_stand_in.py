# SPDX-License-Identifier: MIT
"""An HTTPS server for web-stand-in: web_stand_in.py CERTIFICATE LATENCY; or --wait until one answers. Run by the host's Python."""
import http.server
import json
import socket
import ssl
import sys
import time



def wait_for_server():
    for attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", 443), 1).close()
            sys.exit(0)
        except OSError:
            time.sleep(0.05)
    sys.exit(1)


if sys.argv[1] == "--wait":
    wait_for_server()
LATENCY = float(sys.argv[2])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(LATENCY)
        host = self.headers.get("Host", "")
        if host.startswith("api"):
            body, kind = json.dumps({"host": host, "answer": 42}).encode(), "application/json"
        else:
            body, kind = f"<html><title>{host}: a stand-in</title></html>\n".encode(), "text/html; charset=utf-8"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
