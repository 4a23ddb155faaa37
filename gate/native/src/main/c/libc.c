/*
 * The few functions of a C library that TeaVM's runtime wants, for a module that imports nothing
 * but the host's signature arithmetic: no files, no clock, no environment, no random numbers.
 */
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define PAGE 65536u

/* What is larger is the Java heap; what is smaller are the collector's tables. */
#define HEAP_BYTES (256u * 1024)
#define TABLES_BYTES (48u * 1024)

extern unsigned char __heap_base;
static uintptr_t next;

/*
 * The runtime asks once for its heap and then for a few tables. The heap comes last in memory, so
 * that what lies above its used part has never been written.
 */
void* malloc(size_t size) {
  if (next == 0) {
    next = (uintptr_t)&__heap_base;
  }
  int heap = size >= HEAP_BYTES;
  uintptr_t start = ((heap ? (uintptr_t)&__heap_base + TABLES_BYTES : next) + 15) & ~(uintptr_t)15;
  uintptr_t end = start + size;
  if (!heap && end > (uintptr_t)&__heap_base + TABLES_BYTES) {
    __builtin_trap();
  }
  uintptr_t present = __builtin_wasm_memory_size(0) * (uintptr_t)PAGE;
  if (end < start) {
    __builtin_trap();
  }
  if (end > present && __builtin_wasm_memory_grow(0, (end - present + PAGE - 1) / PAGE) == (size_t)-1) {
    __builtin_trap();
  }
  next = heap ? next : end;
  return (void*)start;
}

/* Fresh pages of WebAssembly are zero, and nothing is handed out twice. */
void* calloc(size_t count, size_t size) { return malloc(count * size); }

void free(void* pointer) { (void)pointer; }

void abort(void) { __builtin_trap(); }

void* memset(void* to, int value, size_t size) {
  unsigned char* out = to;
  while (size > 0 && ((uintptr_t)out & 7) != 0) {
    *out++ = (unsigned char)value;
    size--;
  }
  uint64_t word = 0x0101010101010101ull * (unsigned char)value;
  for (; size >= 8; size -= 8, out += 8) {
    *(uint64_t*)out = word;
  }
  while (size-- > 0) {
    *out++ = (unsigned char)value;
  }
  return to;
}

void* memcpy(void* restrict to, const void* restrict from, size_t size) {
  unsigned char* out = to;
  const unsigned char* in = from;
  for (; size >= 8; size -= 8, out += 8, in += 8) {
    uint64_t word;
    __builtin_memcpy(&word, in, 8);
    __builtin_memcpy(out, &word, 8);
  }
  while (size-- > 0) {
    *out++ = *in++;
  }
  return to;
}

void* memmove(void* to, const void* from, size_t size) {
  unsigned char* out = to;
  const unsigned char* in = from;
  if (out <= in || out >= in + size) {
    return memcpy(to, from, size);
  }
  while (size-- > 0) {
    out[size] = in[size];
  }
  return to;
}

size_t strlen(const char* text) {
  size_t length = 0;
  while (text[length] != 0) {
    length++;
  }
  return length;
}

/* The runtime decodes its own ASCII literals by this. */
size_t mbrtoc16(unsigned short* to, const char* from, size_t size, void* state) {
  (void)state;
  if (size == 0 || *from == 0) {
    return 0;
  }
  if (to != 0) {
    *to = (unsigned char)*from;
  }
  return 1;
}

void srand(unsigned seed) { (void)seed; }

time_t time(time_t* now) {
  (void)now;
  return 0;
}

struct __clockid {
  int unused;
};
const struct __clockid _CLOCK_REALTIME = {0};

int clock_gettime(clockid_t clock, struct timespec* now) {
  (void)clock;
  now->tv_sec = 0;
  now->tv_nsec = 0;
  return 0;
}

/* There is one thread, and no timer wakes it: TeaVM's own need both, and locales. */
void teavm_initFiber(void) {}

void teavm_waitFor(int64_t millis) {
  (void)millis;
  abort();
}

void teavm_interrupt(void) {}
