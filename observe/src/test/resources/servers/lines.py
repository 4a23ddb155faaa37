# Answers one thread a request and says so: a line to standard output, one in two parts to standard error, one to a
# file that is renamed and opened anew now and then, each before the answer; one amid the answer and one after it. Arguments: port,
# file. In between other things that programs write.
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
written = 0
log = open(sys.argv[2], "a")


def append(text):
    global written, log
    with lock:
        written += 1
        if written % 40 == 0:
            log.close()
            os.rename(sys.argv[2], "%s.%d" % (sys.argv[2], written))
            log = open(sys.argv[2], "a")
        log.write(text)
        log.flush()


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        number = self.path[1:]
        os.write(1, b"out %s\n" % number.encode())
        with lock:
            os.write(2, b"err ")
            os.write(2, b"%s\r\n" % number.encode())
        append("file %s\n" % number)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n")
        os.write(1, b"amid %s\n" % number.encode())
        self.wfile.write(b"ok")
        os.write(1, b"after %s\n" % number.encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer)
server.daemon_threads = True
server.request_queue_size = 256
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
for number in range(20):
    brief = os.open(sys.argv[2] + ".brief", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(brief, b"brief %d\n" % number)
    other = os.open(sys.argv[2] + ".other", os.O_WRONLY | os.O_CREAT)
    os.dup2(other, brief)
    os.close(other)
data = open(sys.argv[2] + ".data", "w")
data.write("data\n")
data.flush()
os.write(1, b"bi\0nary\n")
os.write(1, b"wrong \xff\xfe text\n")
os.write(1, b"x" * 20000 + b"\n")
os.write(1, b"end")
