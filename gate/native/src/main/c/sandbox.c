/*
 * Runs the module that wasm2c turned into C. After every token its whole writable memory is written
 * over with what it was after the module was configured, so nothing that one token left can be there
 * for the next, wherever it was written.
 */
#define _GNU_SOURCE
#include "sandbox.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "gate-module.h"
#include "pages.h"

#define PAGE 65536u
#define RESERVED ((size_t)1 << 33)
#define MAX_PAGES 64u      /* 4 MiB */
#define USED_BYTES (152u * 1024) /* what the module writes with the usual settings */
#define TICK_MICROS 50000
#define MAX_TICKS 4        /* 0.15 to 0.2 s of the processor; a verdict takes some 0.02 ms */
#define FAILED 1000

uint32_t wasm_rt_call_stack_depth;
static sigjmp_buf out_of_sandbox;
static volatile sig_atomic_t inside;
static volatile sig_atomic_t ticks;
static int ticking;
static uint8_t* memory_start;
static int32_t (*arithmetic)(int32_t, int32_t, void*, int32_t, void*, int32_t);

/*
 * One serves while the next is made in the other. They are never copied: the functions that a table
 * names are bound to the instance that holds the table.
 */
static w2c_sandbox instances[2];
static w2c_sandbox* module = &instances[0];
static uint32_t first_global;
static size_t size;
static uint32_t room;
static uint8_t* pristine;
static size_t pristine_size;
static int configured;

/* The memory of a module that was released, all zero: the next one gets it. */
static uint8_t* spare;
static int releasing;

bool wasm_rt_is_initialized(void) { return true; }

void wasm_rt_trap(wasm_rt_trap_t code) {
  if (!inside) {
    abort();
  }
  siglongjmp(out_of_sandbox, (int)code + 1);
}

/* The pages that a module writes while it is set up, as far as its memory reaches: the kernel stops where it may not write. */
static __attribute__((noinline)) void populate(uint8_t* data) {
  madvise(data, USED_BYTES, MADV_POPULATE_WRITE);
}

void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint64_t pages, uint64_t max, bool is64, uint32_t page_size) {
  /* All that an address can name is reserved; the memory is its beginning and never moves. */
  uint8_t* data = spare;
  spare = 0;
  if (data == 0) {
    data = mmap(0, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }
  if (data == MAP_FAILED || mprotect(data, pages * PAGE, PROT_READ | PROT_WRITE) != 0) {
    wasm_rt_trap(WASM_RT_TRAP_OOB);
  }
  populate(data);
  memory->data = data;
  memory->pages = pages;
  memory->max_pages = max < MAX_PAGES ? max : MAX_PAGES;
  memory->size = pages * PAGE;
  memory->is64 = is64;
  memory->page_size = page_size;
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t* memory, uint64_t pages) {
  uint64_t former = memory->pages;
  if (pages > memory->max_pages - former ||
      mprotect(memory->data + memory->size, pages * PAGE, PROT_READ | PROT_WRITE) != 0) {
    return (uint64_t)-1;
  }
  memory->pages += pages;
  memory->size = memory->pages * PAGE;
  populate(memory->data);
  return former;
}

void wasm_rt_free_memory(wasm_rt_memory_t* memory) {
  /* Above what is copied back, nothing was ever written. */
  if (releasing) {
    memset(memory->data, 0, pristine_size);
    if (mprotect(memory->data, memory->size, PROT_NONE) == 0) {
      spare = memory->data;
      return;
    }
  }
  munmap(memory->data, RESERVED);
}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t* table, uint32_t count, uint32_t max) {
  table->data = calloc(count, sizeof(wasm_rt_funcref_t));
  table->size = count;
  table->max_size = max;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t* table) { free(table->data); }

static void on_alarm(int signal) {
  (void)signal;
  if (inside && ++ticks >= MAX_TICKS) {
    siglongjmp(out_of_sandbox, WASM_RT_TRAP_EXHAUSTION + 2);
  }
}

/* An access outside of the memory. */
static void on_fault(int signal, siginfo_t* info, void* context) {
  (void)context;
  uint8_t* at = info->si_addr;
  if (inside && at >= memory_start && at < memory_start + RESERVED) {
    siglongjmp(out_of_sandbox, WASM_RT_TRAP_OOB + 1);
  }
  struct sigaction standard = {0};
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, 0);
}

/*
 * The clock that stops a module which does not end. It counts the time of the processor, so that a
 * busy machine stops nobody; and it runs on between tokens of a busy host.
 */
static void tick(int on) {
  if (ticking != on) {
    struct itimerval timer = {{0, on * TICK_MICROS}, {0, on * TICK_MICROS}};
    setitimer(ITIMER_PROF, &timer, 0);
    ticking = on;
  }
}

void gate_sandbox_idle(void) { tick(0); }

static void enter(uint8_t* start) {
  memory_start = start;
  ticks = 0;
  inside = 1;
  tick(1);
}

/* Up to the last byte that is not zero, in whole words. */
static size_t used(const uint8_t* data, size_t length) {
  while (length > 0 && *(const uint64_t*)(data + length - 8) == 0) {
    length -= 8;
  }
  return length;
}

/*
 * Copies the memory up to the last byte that is not zero: ModuleMain leaves a mark behind all that
 * it allocated. What lies above becomes read-only and the memory cannot grow any more, so that the
 * copy is all that a token can change. It is mapped anew, since some kernels give memory to pages
 * that were only looked at.
 */
static int snapshot(w2c_sandbox* fresh) {
  uint8_t* data = fresh->w2c_memory.data;
  size_t whole = fresh->w2c_memory.size;
  madvise(data, whole, MADV_POPULATE_READ);
  size_t page = (size_t)getpagesize();
  size_t top = (used(data, whole) + page - 1) & -page;
  uint8_t* copy = mmap(0, top, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (copy == MAP_FAILED) {
    return -1;
  }
  if (top < whole && mmap(data + top, whole - top, PROT_READ,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED) {
    munmap(copy, top);
    return -1;
  }
  memcpy(copy, data, top);
  fresh->w2c_memory.max_pages = fresh->w2c_memory.pages;
  munmap(pristine, pristine_size); /* the first time there is none, and no byte of it */
  pristine = copy;
  pristine_size = top;
  return 0;
}

int32_t gate_sandbox_configure(void* settings, int32_t length) {
  struct sigaction action = {0};
  action.sa_handler = on_alarm;
  action.sa_flags = SA_RESTART | SA_NODEFER; /* the handler may not return */
  sigaction(SIGPROF, &action, 0);
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  w2c_sandbox* fresh = module == &instances[0] ? &instances[1] : &instances[0];
  memset(fresh, 0, sizeof *fresh);
  wasm_rt_call_stack_depth = 0;
  volatile int32_t status = FAILED;
  volatile uint32_t bytes = 0;
  if (sigsetjmp(out_of_sandbox, 0) == 0) {
    enter(0);
    wasm2c_sandbox_instantiate(fresh, 0);
    memory_start = fresh->w2c_memory.data;
    w2c_sandbox_start(fresh);
    uint32_t at = w2c_sandbox_settings(fresh, (uint32_t)length);
    if (at != 0 && (uint64_t)at + (uint32_t)length <= fresh->w2c_memory.size) {
      memcpy(fresh->w2c_memory.data + at, settings, (size_t)length);
      status = (int32_t)w2c_sandbox_configure(fresh, (uint32_t)length);
      bytes = w2c_sandbox_max_token_bytes(fresh);
    }
  }
  inside = 0;
  if (status != 0 || snapshot(fresh) != 0) {
    if (fresh->w2c_memory.data != 0) {
      wasm2c_sandbox_free(fresh);
    }
    return status != 0 ? status : FAILED;
  }
  if (configured) {
    wasm2c_sandbox_free(module);
  }
  module = fresh;
  first_global = module->w2c_g0;
  size = module->w2c_memory.size;
  room = bytes;
  configured = 1;
  return 0;
}

void gate_sandbox_release(void) {
  releasing = 1;
  wasm2c_sandbox_free(module);
  releasing = 0;
  configured = 0;
}

int32_t gate_sandbox_max_token_bytes(void) { return (int32_t)room; }

void gate_sandbox_reset(void) {
  memcpy(module->w2c_memory.data, pristine, pristine_size);
  module->w2c_g0 = first_global;
  wasm_rt_call_stack_depth = 0;
}

int32_t gate_sandbox_check(void* token, int32_t length, int64_t now_millis) {
  /* Written after sigsetjmp and read after a jump back. */
  volatile int32_t verdict = FAILED;
  if (sigsetjmp(out_of_sandbox, 0) == 0) {
    enter(module->w2c_memory.data);
    uint32_t at = w2c_sandbox_token(module);
    if ((uint32_t)length <= room) {
      if ((uint64_t)at + (uint32_t)length > size) {
        wasm_rt_trap(WASM_RT_TRAP_OOB);
      }
      memcpy(module->w2c_memory.data + at, token, (size_t)length);
    }
    verdict = (int32_t)w2c_sandbox_validate(module, (uint32_t)length, (uint64_t)now_millis);
  }
  inside = 0;
  return verdict;
}

int32_t gate_sandbox_payload(void* to, int32_t capacity) {
  volatile int32_t length = 0;
  if (sigsetjmp(out_of_sandbox, 0) == 0) {
    enter(module->w2c_memory.data);
    uint32_t at = w2c_sandbox_payload(module);
    uint32_t bytes = w2c_sandbox_payload_length(module);
    if (bytes <= (uint32_t)capacity && (uint64_t)at + bytes <= size) {
      memcpy(to, module->w2c_memory.data + at, bytes);
      length = (int32_t)bytes;
    }
  }
  inside = 0;
  return length;
}

void gate_sandbox_arithmetic(void* verify) {
  arithmetic = (int32_t (*)(int32_t, int32_t, void*, int32_t, void*, int32_t))verify;
}

u32 w2c_gate_verify(struct w2c_gate* host, u32 handle, u32 algorithm, u32 data, u32 length,
                    u32 signature, u32 signature_length) {
  if (arithmetic == 0 || (uint64_t)data + length > size ||
      (uint64_t)signature + signature_length > size) {
    return 0;
  }
  /* The host's own code is not to be left in its midst, neither by the clock nor by a fault. */
  uint8_t* memory = module->w2c_memory.data;
  inside = 0;
  int32_t right = arithmetic((int32_t)handle, (int32_t)algorithm, memory + data, (int32_t)length,
                             memory + signature, (int32_t)signature_length);
  inside = 1;
  return right == 1;
}

int64_t gate_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t gate_millis(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
