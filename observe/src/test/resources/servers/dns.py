"""A server of DNS whose answers depend on the first label: dns.py ADDRESS PORT [batch].

With "batch" it reads and writes several datagrams by one call, into memory that it never clears.
"""
import ctypes, select, socket, struct, sys, threading

address, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in address else socket.AF_INET


def question(message):
    at, labels = 12, []
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode())
        at += message[at] + 1
    return labels, struct.unpack("!H", message[at + 1 : at + 3])[0], at + 5


def answer(message, tcp=False):
    labels, kind, end = question(message)
    first = labels[0]
    number = int("".join(filter(str.isdigit, first)) or "1")
    flags, records = 0x8180, []
    if first.startswith("nx"):
        flags |= 3
    elif first.startswith("fail"):
        flags |= 2
    elif first.startswith("long") and not tcp:
        flags |= 0x200
    elif kind == 1:
        records = [struct.pack("!HHHIHI", 0xC00C, 1, 1, 60, 4, 10 << 24 | number)]
    elif kind == 28:
        records = [struct.pack("!HHHIH8xQ", 0xC00C, 28, 1, 60, 16, number)]
    header = message[:2] + struct.pack("!5H", flags, 1, len(records), 0, 0)
    return header + message[12:end] + b"".join(records)


held = []


def answers(message, client):
    """What is sent, and to whom, when this comes."""
    first = question(message)[0][0]
    if first.startswith("drop"):
        return []
    if first.startswith("held"):
        held.append((answer(message), client))
        return []
    mine = [(answer(message), client)]
    if first.startswith("release"):  # those that waited, the last one first
        mine = held[::-1] + mine
        held.clear()
    return mine * 2 if first.startswith("twice") else mine


def stream(connection):
    with connection:
        while True:
            head = connection.recv(2, socket.MSG_WAITALL)  # the length by itself, as resolvers do
            if len(head) < 2:
                return
            message = connection.recv(struct.unpack("!H", head)[0], socket.MSG_WAITALL)
            reply = answer(message, True)
            connection.sendall(struct.pack("!H", len(reply)) + reply)


def streams():
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=stream, args=[connection], daemon=True).start()


class Segment(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Entry(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_size", ctypes.c_uint32),
        ("segments", ctypes.POINTER(Segment)),
        ("count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_size", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("padding", ctypes.c_int),
        ("length", ctypes.c_uint32),
    ]


class Several:
    """A call of several datagrams."""

    MOST = 8

    def __init__(self):
        self.entries = (Entry * self.MOST)()
        self.segments = (Segment * self.MOST)()
        self.bytes = [ctypes.create_string_buffer(4096) for _ in range(self.MOST)]
        self.names = [ctypes.create_string_buffer(128) for _ in range(self.MOST)]

    def prepare(self, i, size, name_size):
        self.segments[i] = Segment(ctypes.addressof(self.bytes[i]), size)
        entry = self.entries[i]
        entry.name, entry.name_size = ctypes.addressof(self.names[i]), name_size
        entry.segments, entry.count = ctypes.pointer(self.segments[i]), 1


def batches():
    libc = ctypes.CDLL(None, use_errno=True)
    inbound, outbound = Several(), Several()
    while True:
        select.select([udp], [], [])
        for i in range(Several.MOST):
            inbound.prepare(i, 4096, 128)
        fd = udp.fileno()
        count = libc.recvmmsg(fd, inbound.entries, Several.MOST, socket.MSG_DONTWAIT, None)
        replies = []
        for i in range(max(0, count)):
            entry = inbound.entries[i]
            name = inbound.names[i].raw[: entry.name_size]
            replies += answers(inbound.bytes[i].raw[: entry.length], name)
        for at in range(0, len(replies), Several.MOST):
            part = replies[at : at + Several.MOST]
            for i, (reply, name) in enumerate(part):
                ctypes.memmove(outbound.bytes[i], reply, len(reply))
                ctypes.memmove(outbound.names[i], name, len(name))
                outbound.prepare(i, len(reply), len(name))
            if libc.sendmmsg(fd, outbound.entries, len(part), 0) != len(part):
                raise OSError(ctypes.get_errno())


udp = socket.socket(family, socket.SOCK_DGRAM)
udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
udp.bind((address, port))
listener = socket.create_server((address, port), family=family)
threading.Thread(target=streams, daemon=True).start()
if sys.argv[3:] == ["batch"]:
    batches()
while True:
    for reply, client in answers(*udp.recvfrom(4096)):
        udp.sendto(reply, client)
