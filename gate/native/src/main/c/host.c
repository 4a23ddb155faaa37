/* The operating system, in as few calls as a server of one thread needs. */
#define _GNU_SOURCE
#include "host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENTS 256

static int queue = -1;
static struct epoll_event events[EVENTS];
static volatile sig_atomic_t stopping;

static void on_stop(int signal) {
  (void)signal;
  stopping = 1;
}

int32_t gate_prepare(void) {
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

int32_t gate_listen(int32_t address, int32_t port) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) {
    return -errno;
  }
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in name = {0};
  name.sin_family = AF_INET;
  name.sin_port = htons((uint16_t)port);
  name.sin_addr.s_addr = (uint32_t)address;
  if (bind(listener, (struct sockaddr*)&name, sizeof name) != 0 || listen(listener, 4096) != 0) {
    int error = errno;
    close(listener);
    return -error;
  }
  return listener;
}

int32_t gate_port(int32_t listener) {
  struct sockaddr_in name;
  socklen_t length = sizeof name;
  return getsockname(listener, (struct sockaddr*)&name, &length) == 0 ? ntohs(name.sin_port) : -1;
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
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return -errno;
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

int64_t gate_file_stamp(void* path) {
  struct stat status;
  if (stat(path, &status) != 0) {
    return -1;
  }
  return (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec + status.st_size +
         (int64_t)status.st_ino * 1000003;
}

int32_t gate_environment(void* name, void* to, int32_t capacity) {
  char* value = getenv(name);
  if (value == 0) {
    return -1;
  }
  size_t length = strlen(value);
  if (length > (size_t)capacity) {
    return -2;
  }
  memcpy(to, value, length);
  return (int32_t)length;
}

void gate_write(int32_t file, void* from, int32_t length) {
  ssize_t ignored = write(file, from, (size_t)length);
  (void)ignored;
}

void gate_exit(int32_t status) { exit(status); }
