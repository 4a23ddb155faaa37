/* The command's five calls of WASI preview 1: input, output, variables, clock, exit. */
#include "wasi.h"

#include <stddef.h>

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(name)))
#define REALTIME 0
#define MAX_VARIABLES 512
#define MAX_ENVIRONMENT (64 * 1024)

typedef struct {
  void* bytes;
  uint32_t length;
} span;

WASI("fd_read") int32_t wasi_fd_read(int32_t file, span* spans, int32_t count, uint32_t* read);
WASI("fd_write") int32_t wasi_fd_write(int32_t file, span* spans, int32_t count, uint32_t* written);
WASI("environ_sizes_get") int32_t wasi_environ_sizes_get(uint32_t* count, uint32_t* bytes);
WASI("environ_get") int32_t wasi_environ_get(char** entries, char* bytes);
WASI("clock_time_get") int32_t wasi_clock_time_get(int32_t clock, int64_t precision, int64_t* now);
WASI("proc_exit") _Noreturn void wasi_proc_exit(int32_t status);

/* TeaVM's main: starts the runtime and runs WasiMain.main. */
int teavm_main(int argc, char** argv);

__attribute__((export_name("_start"))) void gate_start(void) { teavm_main(0, 0); }

int32_t gate_wasi_read(void* to, int32_t capacity) {
  int32_t length = 0;
  while (length < capacity) {
    span rest = {(char*)to + length, (uint32_t)(capacity - length)};
    uint32_t read = 0;
    if (wasi_fd_read(0, &rest, 1, &read) != 0) {
      return -1;
    }
    if (read == 0) {
      break;
    }
    length += (int32_t)read;
  }
  return length;
}

void gate_wasi_write(int32_t file, void* from, int32_t length) {
  int32_t done = 0;
  while (done < length) {
    span rest = {(char*)from + done, (uint32_t)(length - done)};
    uint32_t written = 0;
    if (wasi_fd_write(file, &rest, 1, &written) != 0 || written == 0) {
      return;
    }
    done += (int32_t)written;
  }
}

int32_t gate_wasi_variable(int32_t index, void* to, int32_t capacity) {
  static char* entries[MAX_VARIABLES];
  static char bytes[MAX_ENVIRONMENT];
  static int32_t count = -1;
  if (count < 0) {
    uint32_t entry_count = 0;
    uint32_t size = 0;
    if (wasi_environ_sizes_get(&entry_count, &size) != 0 || entry_count > MAX_VARIABLES ||
        size > MAX_ENVIRONMENT || wasi_environ_get(entries, bytes) != 0) {
      static const char words[] = "gate: the environment cannot be read or is larger than 64 KiB\n";
      gate_wasi_write(2, (void*)words, sizeof words - 1);
      wasi_proc_exit(2);
    }
    count = (int32_t)entry_count;
  }
  if (index >= count) {
    return -1;
  }
  int32_t length = 0;
  for (; entries[index][length] != 0 && length < capacity; length++) {
    ((char*)to)[length] = entries[index][length];
  }
  return length;
}

int64_t gate_wasi_millis(void) {
  int64_t nanos = 0;
  return wasi_clock_time_get(REALTIME, 1000000, &nanos) == 0 ? nanos / 1000000 : INT64_MAX;
}

void gate_wasi_exit(int32_t status) { wasi_proc_exit(status); }

/* The runtime's log: an exception that nobody catches is a trap, and the runtime of WASI says so. */
void teavm_printString(void* text) { (void)text; }
void teavm_printWString(void* text) { (void)text; }
void teavm_printInt(int32_t number) { (void)number; }
