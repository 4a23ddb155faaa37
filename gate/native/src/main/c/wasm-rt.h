/*
 * What the C that wasm2c writes needs at run time: one memory in the midst of 8 GiB of address space
 * that nobody may touch, one table, and traps that jump out of the sandbox. An address in the module
 * is a 32-bit number plus a 32-bit offset: it cannot name anything outside of those 8 GiB.
 */
#ifndef TROTH_WASM_RT_H
#define TROTH_WASM_RT_H
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define wasm_rt_unreachable __builtin_unreachable
#define wasm_rt_memcpy memcpy
#define WASM_RT_NO_RETURN __attribute__((noreturn))
#define WASM_RT_MEMCHECK_BOUNDS_CHECK 0
#define WASM_RT_MEMCHECK_GUARD_PAGES 1
#define WASM_RT_STACK_DEPTH_COUNT 1
#define WASM_RT_MAX_CALL_STACK_DEPTH 400
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_SANITY_CHECKS 0
#define WABT_BIG_ENDIAN 0

typedef enum {
  WASM_RT_TRAP_NONE,
  WASM_RT_TRAP_OOB,
  WASM_RT_TRAP_INT_OVERFLOW,
  WASM_RT_TRAP_DIV_BY_ZERO,
  WASM_RT_TRAP_INVALID_CONVERSION,
  WASM_RT_TRAP_UNREACHABLE,
  WASM_RT_TRAP_CALL_INDIRECT,
  WASM_RT_TRAP_UNCAUGHT_EXCEPTION,
  WASM_RT_TRAP_EXHAUSTION,
} wasm_rt_trap_t;

typedef enum { WASM_RT_I32, WASM_RT_I64, WASM_RT_F32, WASM_RT_F64, WASM_RT_V128,
               WASM_RT_FUNCREF, WASM_RT_EXTERNREF, WASM_RT_EXNREF } wasm_rt_type_t;

typedef void (*wasm_rt_function_ptr_t)(void);
typedef const char* wasm_rt_func_type_t;

typedef struct wasm_rt_tailcallee_t {
  void (*fn)(void**, void*, struct wasm_rt_tailcallee_t*);
} wasm_rt_tailcallee_t;

typedef struct {
  wasm_rt_func_type_t func_type;
  wasm_rt_function_ptr_t func;
  wasm_rt_tailcallee_t func_tailcallee;
  void* module_instance;
} wasm_rt_funcref_t;

static const wasm_rt_funcref_t wasm_rt_funcref_null_value = {0, 0, {0}, 0};

typedef struct {
  uint8_t* data;
  uint64_t pages;
  uint64_t max_pages;
  uint64_t size;
  bool is64;
  uint32_t page_size;
} wasm_rt_memory_t;

typedef struct {
  wasm_rt_funcref_t* data;
  uint32_t max_size;
  uint32_t size;
} wasm_rt_funcref_table_t;

typedef void* wasm_rt_externref_t;
typedef struct {
  wasm_rt_externref_t* data;
  uint32_t max_size;
  uint32_t size;
} wasm_rt_externref_table_t;
#define wasm_rt_externref_null_value ((wasm_rt_externref_t)0)

extern uint32_t wasm_rt_call_stack_depth;

bool wasm_rt_is_initialized(void);
WASM_RT_NO_RETURN void wasm_rt_trap(wasm_rt_trap_t);
void wasm_rt_allocate_memory(wasm_rt_memory_t*, uint64_t pages, uint64_t max, bool is64, uint32_t page_size);
uint64_t wasm_rt_grow_memory(wasm_rt_memory_t*, uint64_t pages);
void wasm_rt_free_memory(wasm_rt_memory_t*);
void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t*, uint32_t size, uint32_t max);
void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t*);
#endif
