# Forks children one after the other; each listens at a port of its own, answers one request of its
# parent and ends. Begins when it is told a line; argument: how many.
import os
import socket
import sys

sys.stdin.readline()
for number in range(int(sys.argv[1])):
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        listener = socket.create_server(("127.0.0.1", 0))
        os.write(tell, str(listener.getsockname()[1]).encode())
        connection, _ = listener.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        os._exit(0)
    port = int(os.read(told, 16))
    os.close(told)
    os.close(tell)
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number)
        while client.recv(4096):
            pass
    os.waitpid(child, 0)
