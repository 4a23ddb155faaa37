# Answers whatever it is sent, and talks to itself over a unix socket; argument: port.
import socket
import sys
import threading

one, other = socket.socketpair(socket.AF_UNIX)


def answer(connection):
    with connection:
        while data := connection.recv(4096):
            one.sendall(b"GET / HTTP/1.1\r\n\r\n")
            other.recv(100)
            connection.sendall(b"\x01" + data)


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
