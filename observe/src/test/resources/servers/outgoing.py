# Fetches /inner/N for /proxy/N, on the main thread: "sync" handles one connection after the other, as
# sync workers do, "asyncio" all in turns; arguments: kind, port.
import asyncio
import http.client
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Inner(BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0.002)
        self.wfile.write(OK)

    def log_message(self, *args):
        pass


inner = ThreadingHTTPServer(("127.0.0.1", 0), Inner)
inner.daemon_threads = True
threading.Thread(target=inner.serve_forever, daemon=True).start()


def number(head):
    return head.split(b" ", 2)[1].rsplit(b"/", 1)[1].decode()


def sync(port):
    listener = socket.create_server(("127.0.0.1", port), backlog=256)
    while True:
        connection, _ = listener.accept()
        with connection:
            head = connection.recv(4096)
            if head:
                call = http.client.HTTPConnection("127.0.0.1", inner.server_port)
                call.request("GET", "/inner/" + number(head))
                call.getresponse().read()
                call.close()
                connection.sendall(OK)


async def answer(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        up, down = await asyncio.open_connection("127.0.0.1", inner.server_port)
        down.write(b"GET /inner/" + number(head).encode() + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        await up.read()
        down.close()
        writer.write(OK)
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def loop(port):
    server = await asyncio.start_server(answer, "127.0.0.1", port)
    await server.serve_forever()


if sys.argv[1] == "sync":
    sync(int(sys.argv[2]))
else:
    asyncio.run(loop(int(sys.argv[2])))
