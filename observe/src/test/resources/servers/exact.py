# Sends requests in every way that a client may, to a listener of its own that compares what arrives with
# what was sent, byte by byte; begins when its input ends. Arguments: how many requests, a file for what
# arrived beside them: "number traceparent", and a seed. Prints what was put in by case, and ends with 1 if
# a byte is wrong.
import array
import collections
import fcntl
import itertools
import os
import queue
import random
import re
import socket
import sys
import tempfile
import termios
import threading

LINE = re.compile(rb"traceparent: (00-[0-9a-f]{32}-[0-9a-f]{16}-0[01])\r\n")
wanted = int(sys.argv[1])
seed = int(sys.argv[3])
rnd = random.Random(seed)
arrived = open(sys.argv[2], "w")
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
narrow = socket.socket()
narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
narrow.bind(("127.0.0.1", 0))
narrow.listen(64)
sys.stdin.read()

counts = collections.Counter()
faults = []
numbers = iter(range(1, 1 << 40))
turn_of_others = itertools.count()
LOOKS = b"GET /not HTTP/1.1\r\nHost: a\r\n\r\n"


def head(method="GET", fields="", path=None):
    number = next(numbers)
    return number, ("%s %s HTTP/1.1\r\nHost: a\r\n%s\r\n" % (method, path or "/n/%d" % number, fields)).encode()


def post(size):
    number, text = head("POST", "Content-Length: %d\r\n" % size)
    return number, text, (LOOKS * (size // len(LOOKS) + 1))[:size]


class Pair:
    """A connection with both of its ends."""

    def __init__(self, small=False):
        self.near = socket.socket()
        if small:
            self.near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
        to = narrow if small else listener
        self.near.connect(to.getsockname())
        self.far, _ = to.accept()
        for end in (self.near, self.far):
            end.settimeout(20)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.expected = queue.Queue()
        self.checked = queue.Queue()
        self.reads = threading.Event()
        self.reads.set()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            item = self.expected.get()
            if item is None:
                return
            self.reads.wait()
            try:
                self.checked.put(self.arrival(*item))
            except Exception as wrong:
                self.checked.put("%s: %r" % (item[0], wrong))

    def arrival(self, case, number, message, may):
        """Reads a message; returns whether a line was put in, or what is wrong."""
        first = message.find(b"\n") + 1
        got = self.bytes(b"", min(len(message), first + 13))
        line = None
        if may and got[first:] and b"traceparent: ".startswith(got[first:]) and message[first:len(got)] != got[first:]:
            got = self.bytes(got, first + 70)
            line = LINE.match(got, first)
        whole = len(message) + (70 if line else 0)
        got = self.bytes(got, whole)
        plain = got[:first] + got[first + 70:] if line else got
        if plain != message:
            return "%s: request %d arrived otherwise than it was sent: %r for %r" % (
                case, number, plain[:200], message[:200])
        if line:
            arrived.write("%d %s\n" % (number, line.group(1).decode()))
        return bool(line)

    def bytes(self, got, size):
        while len(got) < size:
            data = self.far.recv(min(size - len(got), 1 << 16))
            if not data:
                raise EOFError("the connection ended")
            got += data
        return got

    def say(self, case, number, message, send, may=True, answer=True):
        self.expected.put((case, number, message, may))
        send()
        result = self.checked.get(timeout=30)
        if isinstance(result, str):
            faults.append(result)
            raise EOFError(result)
        counts[case, result] += 1
        if answer:
            self.answer(case)
        return result

    def answer(self, case):
        body = b"x" * rnd.choice((0, 1, 100, 5000))
        reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        self.far.sendall(reply)
        got = b""
        while len(got) < len(reply):
            got += self.near.recv(65536)
        waiting = array.array("i", [0])
        fcntl.ioctl(self.near, termios.FIONREAD, waiting)
        if got != reply or waiting[0]:
            faults.append("%s: the answer arrived otherwise, or %d bytes wait" % (case, waiting[0]))

    def silent(self):
        """Nothing else may have arrived."""
        self.expected.put(None)
        self.near.shutdown(socket.SHUT_WR)
        rest = self.far.recv(100)
        if rest:
            faults.append("bytes arrived that nobody sent: %r" % rest)
        self.near.close()
        self.far.close()


def plain(pair):
    for _ in range(rnd.randrange(1, 40)):
        number, text = head(rnd.choice(("GET", "DELETE", "HEAD", "OPTIONS")),
                            "Upgrade-Insecure-Requests: 1\r\nX: %s\r\n" % ("y" * rnd.randrange(900)))
        pair.say("plain", number, text, lambda: pair.near.sendall(text))


def bodies(pair):
    for _ in range(rnd.randrange(1, 12)):
        number, text, body = post(rnd.choice((1, 2, 69, 70, 71, 3900, 4000, 4026, 4096, 5000, 32768, 65536, 300000)))
        pair.say("body at once", number, text + body, lambda: pair.near.sendall(text + body))
        number, text, body = post(rnd.randrange(1, 9000))
        pair.say("body apart", number, text + body, lambda: (pair.near.sendall(text), pair.near.sendall(body)))


def partial(pair):
    """A small buffer and a socket that does not wait: the kernel takes what it can."""
    for _ in range(rnd.randrange(1, 6)):
        number, text, body = post(rnd.choice((100, 5000, 65536, 200000)))
        message = text + body

        def send():
            pair.near.setblocking(False)
            at = 0
            while at < len(message):
                try:
                    at += pair.near.send(message[at:at + rnd.choice((len(message), 70000, 3000))])
                except BlockingIOError:
                    pass
            pair.near.settimeout(20)

        pair.say("partial", number, message, send)


def flood(pair):
    """Requests until the kernel takes no more, and on once the other end reads again."""
    pair.reads.clear()
    pair.near.setblocking(False)
    number = 0
    messages = []
    for _ in range(400):
        number, text = head("GET", "X: %s\r\n" % ("y" * rnd.randrange(500, 3500)))
        messages.append((number, text))
        pair.expected.put(("flood", number, text, True))
        at = 0
        while at < len(text):
            try:
                at += pair.near.send(text[at:])
            except BlockingIOError:
                counts["flood refused", pair.reads.is_set()] += 1
                pair.reads.set()
    pair.reads.set()
    pair.near.settimeout(20)
    for _ in messages:
        result = pair.checked.get(timeout=30)
        if isinstance(result, str):
            faults.append(result)
            raise EOFError(result)
        counts["flood", result] += 1


def files(pair):
    for _ in range(rnd.randrange(1, 6)):
        number, text, body = post(rnd.choice((1, 4096, 65536, 100001)))
        with tempfile.TemporaryFile() as file:
            file.write(body)
            file.flush()

            def send():
                pair.near.send(text, socket.MSG_MORE if rnd.random() < 0.5 else 0)
                at = 0
                while at < len(body):
                    at += os.sendfile(pair.near.fileno(), file.fileno(), at, len(body) - at)

            pair.say("sendfile", number, text + body, send)


def more(pair):
    for _ in range(rnd.randrange(1, 6)):
        number, text, body = post(rnd.randrange(1, 9000))
        pair.say("MSG_MORE", number, text + body,
                 lambda: (pair.near.send(text, socket.MSG_MORE), pair.near.sendall(body)))


def vectors(pair):
    for _ in range(rnd.randrange(1, 6)):
        number, text, body = post(rnd.choice((10, 4000, 20000)))
        cut = rnd.randrange(1, len(text))
        parts = [text[:cut], text[cut:], body[:7], body[7:]]
        pair.say("vector", number, text + body, lambda: pair.near.sendmsg(parts))


def pieces(pair):
    number, text = head()
    cut = rnd.randrange(1, len(text))
    pair.say("pieces", number, text, lambda: (pair.near.sendall(text[:cut]), pair.near.sendall(text[cut:])), may=False)
    number, text = head()
    pair.say("after pieces", number, text, lambda: pair.near.sendall(text), may=False)


def pipelined(pair):
    number, one = head()
    _, other = head()
    pair.say("pipelined at once", number, one + other, lambda: pair.near.sendall(one + other), may=False)
    pair.say("after pipelined", number, one, lambda: pair.near.sendall(one), may=False)


def pipeline(pair):
    for _ in range(5):
        number, text = head()
        pair.say("pipelined", number, text, lambda: pair.near.sendall(text), answer=False)


def chunks(pair):
    number, text = head("POST", "transfer-Encoding: chunked\r\n")
    message = text + b"1e\r\n" + LOOKS + b"\r\n0\r\n\r\n"
    pair.say("chunked", number, message, lambda: pair.near.sendall(message), may=False)
    pair.say("after chunks", number, LOOKS, lambda: pair.near.sendall(LOOKS), may=False)


def traced(pair):
    number, text = head(fields="TraceParent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n")
    pair.say("traced already", number, text, lambda: pair.near.sendall(text), may=False)
    number, text = head()
    pair.say("after traced", number, text, lambda: pair.near.sendall(text))


def others(pair):
    # Each in its turn, so that none depends on chance.
    kinds = (
        ("HTTP/1.0", b"GET /a HTTP/1.0\r\nHost: a\r\n\r\n"),
        ("CONNECT", b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("upgrade", b"GET /a HTTP/1.1\r\nConnection: Upgrade\r\nUPGRADE: websocket\r\n\r\n"),
        ("h2c", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"),
        ("TLS", b"\x16\3\1\0\5hello"),
        ("Redis", b"*1\r\n$4\r\nPING\r\n"),
        ("RTSP", b"OPTIONS rtsp://a RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
        ("two lengths", b"GET /a HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 29\r\n\r\n"),
        ("odd length", b"GET /a HTTP/1.1\r\nContent-Length: +0\r\n\r\n"),
        ("no length", b"GET /a HTTP/1.1\r\nContent-Length: \r\n\r\n"),
        ("spaced length", b"POST /a HTTP/1.1\r\nContent-Length : 31\r\n\r\n"),
        ("spaced chunks", b"POST /a HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n"),
        ("spaced upgrade", b"GET /a HTTP/1.1\r\nUpgrade\t: websocket\r\n\r\n"),
        ("folded", b"GET /a HTTP/1.1\r\nA: b\r\n c\r\n\r\n"),
        ("bare newlines", b"GET /a HTTP/1.1\nHost: a\n\n"),
        ("long head", b"GET /a HTTP/1.1\r\nCookie: " + b"c" * 5000 + b"\r\n\r\n"),
        ("nothing", b"GET "),
        ("bytes", bytes(rnd.randrange(256) for _ in range(rnd.randrange(1, 300)))),
    )
    kind, message = kinds[next(turn_of_others) % len(kinds)]
    pair.say(kind, 0, message, lambda: pair.near.sendall(message), may=False, answer=False)
    pair.say("after " + kind, 0, LOOKS, lambda: pair.near.sendall(LOOKS), may=False, answer=False)


def long_line(pair):
    number, text = head(path="/n/" + "l" * 1100)
    pair.say("long line", number, text, lambda: pair.near.sendall(text), may=False)
    number, text = head()
    pair.say("after long line", number, text, lambda: pair.near.sendall(text))


WAYS = (plain, plain, bodies, partial, files, more, vectors, pieces, pipelined, pipeline, chunks, traced, others,
        long_line)
FLOODS = 4
turns = 0
while sum(n for (case, _), n in counts.items() if case != "flood refused") < wanted and not faults:
    way = flood if turns < FLOODS else rnd.choice(WAYS)
    turns += 1
    pair = Pair(small=way in (partial, flood))
    try:
        way(pair)
        pair.silent()
    except EOFError:
        pass
arrived.close()
for (case, put), count in sorted(counts.items()):
    print(case, "with" if put else "without", count)
for fault in faults:
    print("FAULT", fault)
sys.exit(1 if faults else 0)
