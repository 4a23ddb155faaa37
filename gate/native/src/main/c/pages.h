/*
 * Pages of memory by one call for many of them. The first touch of a page is a fault, and where the kernel is a guest of
 * another it takes 10 to 50 µs; in a call for many pages each takes less than one. These are hints: a kernel before 5.14
 * does not know them, and gives each page at its first touch.
 */
#ifndef TROTH_GATE_PAGES_H
#define TROTH_GATE_PAGES_H
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

/* Both ends are rounded outwards to pages. */
static inline void gate_pages(const void* from, const void* to, int advice) {
  uintptr_t page = 4096;
  uintptr_t start = (uintptr_t)from & ~(page - 1);
  madvise((void*)start, ((uintptr_t)to + page - 1 - start) & ~(page - 1), advice);
}
#endif
