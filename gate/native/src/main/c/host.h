/* The operating system as the native host's Java code sees it: what needs a C structure. */
#ifndef TROTH_GATE_HOST_H
#define TROTH_GATE_HOST_H
#include <stdint.h>

/* A listening socket, or the negated errno; EINVAL for a host that is no IPv4 or IPv6 address. */
int32_t gate_listen(void* host, int32_t port);
int32_t gate_port(int32_t socket);

/* The next connection, non-blocking and without delay; or the negated errno. */
int32_t gate_accept(int32_t socket);
int32_t gate_receive(int32_t socket, void* to, int32_t capacity);
int32_t gate_send(int32_t socket, void* from, int32_t length);
void gate_close(int32_t socket);

/* Waiting: interest in reading (1), writing (2) or neither (0); the events of one wait. */
int32_t gate_watch(int32_t socket, int32_t interest);
int32_t gate_rewatch(int32_t socket, int32_t interest);
int32_t gate_wait(int32_t millis);
int32_t gate_event_socket(int32_t index);
int32_t gate_event_kinds(int32_t index);

/* Whether SIGTERM or SIGINT came. */
int32_t gate_prepare(void);
int32_t gate_stopping(void);

/* Files: the bytes read, or the negated errno. */
int32_t gate_read_file(void* path, void* to, int32_t capacity);

/* The length of a variable, or -1; it is copied out if it fits. The same of the n-th variable's name, of which what fits is copied. */
int32_t gate_environment(void* name, void* to, int32_t capacity);
int32_t gate_environment_name(int32_t index, void* to, int32_t capacity);

/*
 * Calls a function of Java's; 1 if it threw or the heap was full: what it was about is given up, the
 * process goes on. Not for calls within each other.
 */
int32_t gate_guard(void* function);
void gate_write(int32_t file, void* from, int32_t length);
void gate_exit(int32_t status);
#endif
