# Answers whatever it is sent with a file that no call of its own writes; argument: port.
import os
import socket
import sys
import tempfile

file = tempfile.TemporaryFile()
file.write(b"\x01\x02\x03\x04" * 8)
file.flush()
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    connection = listener.accept()[0]
    with connection:
        connection.recv(4096)
        os.sendfile(connection.fileno(), file.fileno(), 0, 32)
