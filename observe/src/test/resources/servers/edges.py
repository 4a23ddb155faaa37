# Who calls whom, and over how long a way. Kinds:
#   serve PORT            answers, with 404 what is missing
#   ask FILE N PORT...    from the first byte of its input on asks each port N times, on a connection each time, and
#                         tells of each answer its port and the round-trip time that the kernel has
#   far FILE N MILLIS     the same of a server of its own over a way on which each packet takes so long
import ctypes
import os
import queue
import fcntl
import socket
import struct
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"ok"
        self.wfile.write(
            b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            % (b"404 Not Found" if self.path.startswith("/missing") else b"200 OK", len(body), body))

    def log_message(self, *args):
        pass


def serve(address, port):
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer((address, port), Answer).serve_forever()


def ask(out, address, port, number):
    for i in range(number):
        path = "/%s/%d" % ("missing" if i % 3 == 0 else "there", i)
        with socket.create_connection((address, port)) as to:
            to.sendall(b"GET %s HTTP/1.1\r\nHost: store\r\n\r\n" % path.encode())
            got = b""
            while not got.endswith(b"\r\n\r\nok"):
                data = to.recv(4096)
                assert data, got
                got += data
            trip = struct.unpack_from("I", to.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 68)[0]
        out.write("%d %d\n" % (port, trip))


# A device whose packets come back after a while, from whom they were sent to: one host is both ends of a long way.
def long_way(millis):
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):
        raise OSError(ctypes.get_errno(), "unshare")
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, 0x400454CA, struct.pack("16sH22x", b"far0", 0x1001))
    for command in ("addr add 10.9.0.1/24 dev far0", "link set far0 up", "link set lo up"):
        subprocess.run(["ip"] + command.split(), check=True)
    waiting = queue.Queue()

    def take():
        while True:
            packet = os.read(device, 65536)
            if packet[0] >> 4 == 4:
                waiting.put((time.monotonic() + millis / 1000, packet[:12] + packet[16:20] + packet[12:16] + packet[20:]))

    def give():
        while True:
            due, packet = waiting.get()
            time.sleep(max(0, due - time.monotonic()))
            os.write(device, packet)

    for work in (take, give):
        threading.Thread(target=work, daemon=True).start()


kind = sys.argv[1]
if kind == "serve":
    serve("127.0.0.1", int(sys.argv[2]))
elif kind == "ask":
    sys.stdin.read(1)
    with open(sys.argv[2], "w") as out:
        for port in sys.argv[4:]:
            ask(out, "127.0.0.1", int(port), int(sys.argv[3]))
else:
    long_way(int(sys.argv[4]))
    server = ThreadingHTTPServer(("10.9.0.1", 7777), Answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read(1)
    with open(sys.argv[2], "w") as out:
        ask(out, "10.9.0.2", 7777, int(sys.argv[3]))
