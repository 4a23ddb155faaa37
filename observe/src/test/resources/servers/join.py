# Servers of each address family and clients of each, all in one process; argument: requests a case.
# Begins when its input ends.
import http.client
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self):
        if self.address_family == socket.AF_INET6:
            only = 0 if self.server_address[0] == "::" else 1
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "join", self.server_address[1]


def server(family, address):
    kind = type("Kind", (Server,), {"address_family": family})
    made = kind((address, 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made.server_port


def client(host, port, case, keep, count):
    connection = None
    for i in range(count):
        if connection is None or not keep:
            connection = http.client.HTTPConnection(host, port)
        connection.request("GET", f"/{case}/{i}")
        connection.getresponse().read()


sys.stdin.read()
ports = {
    "v4": server(socket.AF_INET, "127.0.0.1"),
    "v6": server(socket.AF_INET6, "::1"),
    "dual": server(socket.AF_INET6, "::"),
}
threads = []
for kind, hosts in {"v4": ["127.0.0.1"], "v6": ["::1"], "dual": ["127.0.0.1", "::1", "::ffff:127.0.0.1"]}.items():
    for host in hosts:
        for keep in (True, False):
            case = f"{kind}-{'four' if host == '127.0.0.1' else 'mapped' if 'ffff' in host else 'six'}-{'kept' if keep else 'new'}"
            threads.append(threading.Thread(target=client, args=(host, ports[kind], case, keep, int(sys.argv[1]))))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
