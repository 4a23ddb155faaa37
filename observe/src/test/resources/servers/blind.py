# Holds two unix sockets and rings of io_uring where the kernel has them; says how many rings, and waits.
import ctypes
import socket
import ssl  # loads OpenSSL
import sys

one, other = socket.socketpair(socket.AF_UNIX)
libc = ctypes.CDLL(None, use_errno=True)
ring = libc.syscall(425, 4, ctypes.create_string_buffer(120))
print("rings", 1 if ring >= 0 else 0, flush=True)
sys.stdin.read()
