/*
 * From exec to the first verdict: cold RUNS PORT BODY_FILE IDLE_MILLIS PROCESSOR COMMAND...
 * COMMAND runs on that processor, or on any if it is negative. It is started itself: taskset or env
 * before it would be part of what is measured.
 * Prints p50 and p99 in milliseconds, and the resident memory after an idle pause in kilobytes.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int ascending(const void* a, const void* b) {
  double x = *(const double*)a, y = *(const double*)b;
  return x < y ? -1 : x > y;
}

/* 1 for a valid verdict, 0 for another answer, -1 while nobody answers. */
static int ask(int port, const char* request, int length) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int s = socket(AF_INET, SOCK_STREAM, 0);
  int result = -1;
  if (connect(s, (struct sockaddr*)&address, sizeof address) == 0) {
    char answer[4096];
    int got = 0;
    send(s, request, length, MSG_NOSIGNAL);
    for (;;) {
      int count = recv(s, answer + got, sizeof answer - 1 - got, 0);
      if (count <= 0) break;
      got += count;
      answer[got] = 0;
      if (strstr(answer, "\"valid\":true")) { result = 1; break; }
      if (strstr(answer, "\"valid\":false")) { result = 0; break; }
    }
  }
  close(s);
  return result;
}

static long resident(int pid) {
  char path[64], line[256];
  long kilobytes = -1;
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE* file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file)) sscanf(line, "VmRSS: %ld", &kilobytes);
  if (file) fclose(file);
  return kilobytes;
}

int main(int argc, char** argv) {
  int runs = atoi(argv[1]), port = atoi(argv[2]), idle = atoi(argv[4]), processor = atoi(argv[5]);
  cpu_set_t processors;
  CPU_ZERO(&processors);
  if (processor >= 0) CPU_SET(processor, &processors);
  static char body[16384], request[20000];
  FILE* file = fopen(argv[3], "r");
  int bytes = fread(body, 1, sizeof body, file);
  fclose(file);
  int length = snprintf(request, sizeof request,
      "POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Connection: close\r\nContent-Length: %d\r\n\r\n%.*s", bytes, bytes, body);
  double* times = calloc(runs, sizeof *times);
  long kilobytes = 0;
  for (int i = 0; i < runs; i++) {
    double start = now();
    pid_t pid = vfork();
    if (pid == 0) {
      int nowhere = open("/dev/null", O_RDWR);
      dup2(nowhere, 1);
      dup2(nowhere, 2);
      if (processor >= 0) sched_setaffinity(0, sizeof processors, &processors);
      execvp(argv[6], argv + 6);
      _exit(127);
    }
    int verdict = -1;
    while (verdict < 0 && now() - start < 30000) {
      verdict = ask(port, request, length);
      if (verdict < 0) nanosleep(&(struct timespec){0, 100000}, 0);
    }
    times[i] = now() - start;
    if (verdict == 1 && i == runs - 1) {
      usleep(idle * 1000);
      kilobytes = resident(pid);
    }
    kill(pid, SIGKILL);
    waitpid(pid, 0, 0);
    if (verdict != 1) {
      fprintf(stderr, "cold: %s gave no valid verdict\n", argv[6]);
      return 1;
    }
  }
  qsort(times, runs, sizeof *times, ascending);
  printf("%.2f %.2f %ld\n", times[runs / 2], times[runs * 99 / 100], kilobytes);
}
