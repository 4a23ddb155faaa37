/* The operating system, in as few calls as a server of one thread needs. */
#define _GNU_SOURCE
#include "host.h"
#include "pages.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 256
#define HEAP_BYTES (96 * 1024)

static int queue = -1;
static struct epoll_event events[EVENTS];
static volatile sig_atomic_t stopping;

static void on_stop(int signal) {
  (void)signal;
  stopping = 1;
}

/* The program itself, before anything else runs. The first page behind the code is the first that can be written. */
__attribute__((constructor)) static void pages_of_program(void) {
  extern char __executable_start[], etext[], end[];
  char* data = etext + (-(uintptr_t)etext & 4095);
  madvise(__executable_start, (size_t)(etext - __executable_start), MADV_POPULATE_READ);
  madvise(data, (size_t)(end - data), MADV_POPULATE_WRITE);
}

int32_t gate_prepare(void) {
  /* What the host writes of its heap until it listens. */
  extern void* teavm_gc_heapAddress;
  madvise(teavm_gc_heapAddress, HEAP_BYTES, MADV_POPULATE_WRITE);
  struct sigaction action = {0};
  action.sa_handler = on_stop;
  sigaction(SIGTERM, &action, 0);
  sigaction(SIGINT, &action, 0);
  signal(SIGPIPE, SIG_IGN);
  /* As many connections as the machine allows. */
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  queue = epoll_create1(EPOLL_CLOEXEC);
  return queue < 0 ? -errno : 0;
}

int32_t gate_stopping(void) { return stopping; }

int32_t gate_listen(void* host, int32_t port) {
  struct sockaddr_in6 six = {0};
  struct sockaddr_in four = {0};
  int is_six = inet_pton(AF_INET6, host, &six.sin6_addr) == 1;
  if (!is_six && inet_pton(AF_INET, host, &four.sin_addr) != 1) {
    return -EINVAL;
  }
  int listener = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) {
    return -errno;
  }
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  six.sin6_family = AF_INET6;
  six.sin6_port = htons((uint16_t)port);
  four.sin_family = AF_INET;
  four.sin_port = htons((uint16_t)port);
  struct sockaddr* name = is_six ? (struct sockaddr*)&six : (struct sockaddr*)&four;
  if (bind(listener, name, is_six ? sizeof six : sizeof four) != 0 || listen(listener, 4096) != 0) {
    int error = errno;
    close(listener);
    return -error;
  }
  return listener;
}

int32_t gate_port(int32_t listener) {
  struct sockaddr_in6 name; /* its port is where that of sockaddr_in is */
  socklen_t length = sizeof name;
  return getsockname(listener, (struct sockaddr*)&name, &length) == 0 ? ntohs(name.sin6_port) : -1;
}

int32_t gate_accept(int32_t listener) {
  int connection = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection < 0) {
    return -errno;
  }
  int on = 1;
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

int32_t gate_receive(int32_t connection, void* to, int32_t capacity) {
  ssize_t received = recv(connection, to, (size_t)capacity, 0);
  return received < 0 ? -errno : (int32_t)received;
}

int32_t gate_send(int32_t connection, void* from, int32_t length) {
  ssize_t sent = send(connection, from, (size_t)length, MSG_NOSIGNAL);
  return sent < 0 ? -errno : (int32_t)sent;
}

void gate_close(int32_t connection) { close(connection); }

static int32_t control(int operation, int32_t file, int32_t interest) {
  struct epoll_event event = {0};
  event.events = (interest & 1 ? EPOLLIN : 0) | (interest & 2 ? EPOLLOUT : 0);
  event.data.fd = file;
  return epoll_ctl(queue, operation, file, &event) == 0 ? 0 : -errno;
}

int32_t gate_watch(int32_t file, int32_t interest) { return control(EPOLL_CTL_ADD, file, interest); }
int32_t gate_rewatch(int32_t file, int32_t interest) { return control(EPOLL_CTL_MOD, file, interest); }

int32_t gate_wait(int32_t millis) {
  int count = epoll_wait(queue, events, EVENTS, millis);
  return count < 0 ? 0 : count;
}

int32_t gate_event_socket(int32_t index) { return events[index].data.fd; }

int32_t gate_event_kinds(int32_t index) {
  uint32_t kinds = events[index].events;
  return (kinds & (EPOLLIN | EPOLLHUP | EPOLLERR) ? 1 : 0) | (kinds & EPOLLOUT ? 2 : 0);
}

int32_t gate_read_file(void* path, void* to, int32_t capacity) {
  /* A pipe would be waited for, and everybody with it. */
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    return -errno;
  }
  struct stat what;
  if (fstat(file, &what) != 0 || !S_ISREG(what.st_mode)) {
    close(file);
    return -EINVAL;
  }
  int32_t length = 0;
  while (length < capacity) {
    ssize_t count = read(file, (char*)to + length, (size_t)(capacity - length));
    if (count < 0) {
      length = -errno;
      break;
    }
    if (count == 0) {
      break;
    }
    length += (int32_t)count;
  }
  close(file);
  return length;
}

int32_t gate_environment(void* name, void* to, int32_t capacity) {
  char* value = getenv(name);
  if (value == 0) {
    return -1;
  }
  size_t length = strlen(value);
  if (length <= (size_t)capacity) {
    memcpy(to, value, length);
  }
  return (int32_t)length;
}

int32_t gate_environment_name(int32_t index, void* to, int32_t capacity) {
  extern char** environ;
  for (int32_t i = 0; environ != 0 && environ[i] != 0; i++) {
    if (i == index) {
      size_t length = strcspn(environ[i], "=");
      if (length > (size_t)capacity) {
        length = (size_t)capacity;
      }
      memcpy(to, environ[i], length);
      return (int32_t)length;
    }
  }
  return -1;
}

/*
 * TeaVM ends a process by abort when nobody catches an exception or its heap is full; both leave the
 * heap whole. Within a guard the frames of Java are given up instead.
 */
extern void* teavm_stackTop;
static jmp_buf guard;
static volatile int guarded;

int32_t gate_guard(void* function) {
  void* top = teavm_stackTop;
  if (setjmp(guard) == 0) {
    guarded = 1;
    ((void (*)(void))function)();
    guarded = 0;
    return 0;
  }
  teavm_stackTop = top;
  return 1;
}

_Noreturn void abort(void) {
  if (guarded) {
    guarded = 0;
    longjmp(guard, 1);
  }
  signal(SIGABRT, SIG_DFL);
  raise(SIGABRT);
  _exit(134);
}

void gate_write(int32_t file, void* from, int32_t length) {
  ssize_t ignored = write(file, from, (size_t)length);
  (void)ignored;
}

void gate_exit(int32_t status) { exit(status); }
