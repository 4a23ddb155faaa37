# Serves HTTPS and logs "METHOD path status". Arguments: threads or asyncio, port, log, key, certificate.
import asyncio
import http.server
import ssl
import sys
import threading

mode, port, log, key, certificate = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
lock = threading.Lock()
lines = open(log, "a", buffering=1)


def answer(path, body):
    status = 404 if path.startswith("/missing") else 503 if path.startswith("/broken") else 200
    return status, b"x" * 60000 if path.startswith("/large") else b"hello %d\n" % len(body)


def note(method, path, status):
    with lock:
        lines.write("%s %s %d\n" % (method, path, status))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, content = answer(self.path, body)
        note(self.command, self.path, status)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *words):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def finish_request(self, request, address):
        # The handshake is the connection's own thread's, or one slow client would stop all others.
        self.RequestHandlerClass(context.wrap_socket(request, server_side=True), address, self)


async def converse(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            length = 0
            for line in head.split("\r\n"):
                if line.lower().startswith("content-length:"):
                    length = int(line.split(":")[1])
            body = await reader.readexactly(length)
            status, content = answer(path, body)
            note(method, path, status)
            writer.write(b"HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n" % (status, len(content)))
            writer.write(content)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
        pass
    writer.close()


async def main():
    server = await asyncio.start_server(converse, "127.0.0.1", int(port), ssl=context)
    await server.serve_forever()


if mode == "threads":
    Server(("127.0.0.1", int(port)), Handler).serve_forever()
else:
    asyncio.run(main())
