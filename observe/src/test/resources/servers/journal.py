# Writes a line to its output when that is a connection of the network, and when it is a journal's unix socket. Argument: port.
import os
import socket
import sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
near = socket.create_connection(listener.getsockname())
far, _ = listener.accept()
kept, journal = socket.socketpair()
sys.stdin.read()
os.dup2(near.fileno(), 1)
os.write(1, b"for the network\n")
os.dup2(journal.fileno(), 1)
os.write(1, b"for the journal\n")
