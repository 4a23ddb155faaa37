# Once its input has ended, says each line of it to a Redis and waits for the answer. Argument: port.
import socket
import sys

lines = sys.stdin.read().splitlines()
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for line in lines:
    words = line.split(" ")
    text = "*%d\r\n" % len(words) + "".join("$%d\r\n%s\r\n" % (len(w), w) for w in words)
    connection.sendall(text.encode())
    answer = b""
    while not answer.endswith(b"\r\n"):
        answer += connection.recv(4096)
