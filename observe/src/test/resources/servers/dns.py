"""A server of DNS whose answers depend on the first label: dns.py ADDRESS PORT."""
import socket, struct, sys, threading, time

address, port = sys.argv[1], int(sys.argv[2])
family = socket.AF_INET6 if ":" in address else socket.AF_INET


def question(message):
    at, labels = 12, []
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode())
        at += message[at] + 1
    return labels, struct.unpack("!H", message[at + 1 : at + 3])[0], at + 5


def answer(message, tcp):
    labels, kind, end = question(message)
    flags, records = 0x8180, []
    if labels[0] == "nx":
        flags |= 3
    elif labels[0] == "fail":
        flags |= 2
    elif labels[0].startswith("long") and not tcp:
        flags |= 0x200
    elif kind == 1:
        records = [struct.pack("!HHHIH4B", 0xC00C, 1, 1, 60, 4, 10, 0, 0, 1)]
    elif kind == 28:
        records = [struct.pack("!HHHIH16B", 0xC00C, 28, 1, 60, 16, *([0xFD] + [0] * 14 + [1]))]
    header = message[:2] + struct.pack("!5H", flags, 1, len(records), 0, 0)
    return header + message[12:end] + b"".join(records)


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
    listener = socket.create_server((address, port), family=family)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=stream, args=[connection], daemon=True).start()


udp = socket.socket(family, socket.SOCK_DGRAM)
udp.bind((address, port))
threading.Thread(target=streams, daemon=True).start()
held = []
while True:
    message, client = udp.recvfrom(4096)
    first = question(message)[0][0]
    if first == "drop":
        continue
    if first == "held":
        held.append((message, client))
        continue
    if first == "release":  # in the other order than they came
        for waiting, whose in reversed(held):
            udp.sendto(answer(waiting, False), whose)
        held = []
    udp.sendto(answer(message, False), client)
    if first == "twice":
        udp.sendto(answer(message, False), client)
