/*
 * Pages of memory by one call for many of them. The first touch of a page is a fault, and where the kernel is a guest of
 * another it takes 10 to 50 µs; in a call for many pages each takes less than one. These are hints: a kernel before 5.14
 * does not know them, and gives each page at its first touch.
 */
#ifndef TROTH_GATE_PAGES_H
#define TROTH_GATE_PAGES_H
#include <sys/mman.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
#endif
