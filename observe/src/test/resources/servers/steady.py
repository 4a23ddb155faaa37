# Keeps four connections to a listener of its own and sends requests on them one after the other, from the
# first byte of its input until that ends, and compares every byte; tells after each what came: "with
# WITH without WITHOUT wrong WRONG". Argument: the file to tell it in.
import os
import re
import socket
import sys
import threading

LINE = re.compile(rb"traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\r\n")
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
counts = {"with": 0, "without": 0, "wrong": 0}
lock = threading.Lock()
over = threading.Event()


def tell(what):
    with lock:
        counts[what] += 1
        with open(sys.argv[1] + ".new", "w") as file:
            file.write(" ".join("%s %d" % one for one in counts.items()))
        os.rename(sys.argv[1] + ".new", sys.argv[1])


def keep(near, far):
    number = 0
    while not over.is_set():
        number += 1
        body = b"GET /not HTTP/1.1\r\n\r\n" * (number % 300)
        message = b"POST /n/%d HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (number, len(body)) + body
        near.sendall(message)
        first = message.find(b"\n") + 1
        got = b""
        line = None
        while len(got) < len(message) + (70 if line else 0):
            data = far.recv(65536)
            if not data:
                break
            got += data
            line = LINE.match(got, first)
        if line:
            got = got[:first] + got[first + 70:]
        tell("wrong" if got != message else "with" if line else "without")
        far.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        if near.recv(100) != b"HTTP/1.1 204 No Content\r\n\r\n":
            tell("wrong")
    near.shutdown(socket.SHUT_WR)
    if far.recv(100):
        tell("wrong")


sys.stdin.read(1)
for _ in range(4):
    near = socket.create_connection(listener.getsockname())
    far, _ = listener.accept()
    near.settimeout(20)
    far.settimeout(20)
    threading.Thread(target=keep, args=(near, far)).start()
sys.stdin.read()
over.set()
