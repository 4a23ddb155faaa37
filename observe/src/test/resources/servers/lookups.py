"""Asks a server of DNS when a line comes: lookups.py MODE ADDRESS PORT COUNT."""
import socket, struct, sys, threading

mode, address, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
family = socket.AF_INET6 if ":" in address else socket.AF_INET


def question(number, name, kind=1):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    return struct.pack("!6H", number, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, 1)


def glibc():
    """Two questions in one call, each time on a new socket."""

    def some(first):
        for i in range(first, count, 4):
            try:
                socket.getaddrinfo("n%d.test" % i, None, type=socket.SOCK_STREAM)
            except socket.gaierror:
                pass

    all = [threading.Thread(target=some, args=[i]) for i in range(4)]
    [one.start() for one in all]
    [one.join() for one in all]


def unconnected():
    """Many questions on one socket whose answers come in the other order; few numbers, used again."""
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        for begin in range(0, count, 20):
            for i in range(begin, begin + 20):
                udp.sendto(question(i % 5, "held%d.test" % i), (address, port))
            udp.sendto(question(7, "release%d.test" % begin), (address, port))
            for i in range(21):
                udp.recvfrom(4096)


def retries():
    """Asks twice before an answer comes, is answered twice, is never answered, asks in vain."""
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.connect((address, port))
        for i in range(2):
            udp.send(question(1, "held1.test"))
        udp.send(question(2, "release2.test"))
        udp.send(question(3, "twice3.test"))
        for i in range(5):
            udp.recv(4096)
        udp.send(question(4, "nx4.test"))
        udp.send(question(5, "fail5.test"))
        for i in range(2):
            udp.recv(4096)
        for i in range(3):
            udp.send(question(6, "drop6.test"))


def stream():
    """Questions on one connection, whose names do not fit into the first bytes of a message."""
    with socket.create_connection((address, port)) as tcp:
        for i in range(count):
            message = question(i, "n%d.%s.test" % (i, "y" * 60))
            tcp.sendall(struct.pack("!H", len(message)) + message)
        for i in range(count):
            size = struct.unpack("!H", tcp.recv(2, socket.MSG_WAITALL))[0]
            tcp.recv(size, socket.MSG_WAITALL)


def others():
    """Datagrams that are no DNS."""
    for message in [b"requests:1|c\n" * 3, bytes([0xC3, 0, 0, 0, 1]) + bytes(1195)]:
        with socket.socket(family, socket.SOCK_DGRAM) as udp:
            for i in range(3):
                udp.sendto(message, (address, port))


sys.stdin.readline()
globals()[mode]()
sys.stdin.readline()
