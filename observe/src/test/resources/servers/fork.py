# Forks a process for each connection, which answers one request and ends; argument: port.
import os
import signal
import socket
import sys

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=256)
while True:
    connection, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        if connection.recv(4096):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        os._exit(0)
    connection.close()
