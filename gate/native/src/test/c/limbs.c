/*
 * Does what its input says with the operations of limbs.c: count of limbs, the inverse, an operation,
 * three numbers; and writes the result. Operands lie at every fourth byte, as arrays of Java's may.
 */
#include "limbs.h"

#include <stdio.h>
#include <string.h>

#define MOST 256

int main(void) {
  static uint32_t a[MOST + 1], b[MOST + 1], p[MOST + 1];
  struct {
    int64_t inverse;
    int32_t limbs;
    int32_t operation;
  } asked;
  while (fread(&asked, sizeof asked, 1, stdin) == 1) {
    size_t bytes = 4 * (size_t)asked.limbs;
    if (fread(a + 1, 1, bytes, stdin) != bytes || fread(b + 1, 1, bytes, stdin) != bytes ||
        fread(p + 1, 1, bytes, stdin) != bytes) {
      return 1;
    }
    switch (asked.operation) {
      case 0: gate_limbs_multiply(a + 1, a + 1, b + 1, p + 1, asked.inverse, asked.limbs); break;
      case 1: gate_limbs_multiply(b + 1, a + 1, b + 1, p + 1, asked.inverse, asked.limbs); break;
      case 2: gate_limbs_add(a + 1, a + 1, b + 1, p + 1, asked.limbs); break;
      default: gate_limbs_subtract(a + 1, a + 1, b + 1, p + 1, asked.limbs);
    }
    fwrite(asked.operation == 1 ? b + 1 : a + 1, 1, bytes, stdout);
    fflush(stdout);
  }
  return 0;
}
