#include "limbs.h"

/* Of the longest RSA key, of 8192 bits. */
#define MOST 128

typedef unsigned __int128 wide;

/* Arrays of Java's int may lie at any multiple of four. */
typedef uint64_t limb __attribute__((aligned(4), may_alias));

/* Inlined with a count that is known, a loop becomes straight code. */
#define WITH_COUNT static inline __attribute__((always_inline))

/* The first count of limbs, less the modulus if it is not below it; top is the limb above them. */
WITH_COUNT void reduce(limb* out, const uint64_t* t, uint64_t top, const limb* p, int n) {
  uint64_t less[MOST];
  uint64_t borrow = 0;
  for (int i = 0; i < n; i++) {
    wide difference = (wide)t[i] - p[i] - borrow;
    less[i] = (uint64_t)difference;
    borrow = (uint64_t)(difference >> 64) & 1;
  }
  const uint64_t* from = top >= borrow ? less : t;
  for (int i = 0; i < n; i++) {
    out[i] = from[i];
  }
}

/* Product and reduction in one pass (Montgomery; finely integrated operand scanning). */
WITH_COUNT void product(limb* out, const limb* a, const limb* b, const limb* p, uint64_t k, int n) {
  uint64_t t[MOST];
  uint64_t top = 0;
  for (int i = 0; i < n; i++) {
    t[i] = 0;
  }
  for (int i = 0; i < n; i++) {
    uint64_t digit = a[i];
    wide sum = (wide)digit * b[0] + t[0];
    uint64_t factor = (uint64_t)sum * k;
    wide reduced = (wide)factor * p[0] + (uint64_t)sum;
    for (int j = 1; j < n; j++) {
      sum = (wide)digit * b[j] + t[j] + (uint64_t)(sum >> 64);
      reduced = (wide)factor * p[j] + (uint64_t)sum + (uint64_t)(reduced >> 64);
      t[j - 1] = (uint64_t)reduced;
    }
    wide last = (wide)top + (uint64_t)(sum >> 64) + (uint64_t)(reduced >> 64);
    t[n - 1] = (uint64_t)last;
    top = (uint64_t)(last >> 64);
  }
  reduce(out, t, top, p, n);
}

WITH_COUNT void sum(limb* out, const limb* a, const limb* b, const limb* p, int n) {
  uint64_t t[MOST];
  uint64_t carry = 0;
  for (int i = 0; i < n; i++) {
    wide both = (wide)a[i] + b[i] + carry;
    t[i] = (uint64_t)both;
    carry = (uint64_t)(both >> 64);
  }
  reduce(out, t, carry, p, n);
}

WITH_COUNT void difference(limb* out, const limb* a, const limb* b, const limb* p, int n) {
  uint64_t t[MOST];
  uint64_t borrow = 0;
  for (int i = 0; i < n; i++) {
    wide both = (wide)a[i] - b[i] - borrow;
    t[i] = (uint64_t)both;
    borrow = (uint64_t)(both >> 64) & 1;
  }
  uint64_t all = 0 - borrow;
  uint64_t carry = 0;
  for (int i = 0; i < n; i++) {
    wide both = (wide)t[i] + (p[i] & all) + carry;
    out[i] = (uint64_t)both;
    carry = (uint64_t)(both >> 64);
  }
}

static int count(int32_t limbs) {
  if (limbs <= 0 || limbs > 2 * MOST || (limbs & 1) != 0) {
    __builtin_trap();
  }
  return limbs / 2;
}

void gate_limbs_multiply(void* out, void* a, void* b, void* modulus, int64_t negated_inverse, int32_t limbs) {
  switch (limbs) {
    case 8: /* P-256, edwards25519 */
      product(out, a, b, modulus, (uint64_t)negated_inverse, 4);
      return;
    case 12: /* P-384 */
      product(out, a, b, modulus, (uint64_t)negated_inverse, 6);
      return;
    default:
      product(out, a, b, modulus, (uint64_t)negated_inverse, count(limbs));
  }
}

void gate_limbs_add(void* out, void* a, void* b, void* modulus, int32_t limbs) {
  if (limbs == 8) {
    sum(out, a, b, modulus, 4);
  } else {
    sum(out, a, b, modulus, count(limbs));
  }
}

void gate_limbs_subtract(void* out, void* a, void* b, void* modulus, int32_t limbs) {
  if (limbs == 8) {
    difference(out, a, b, modulus, 4);
  } else {
    difference(out, a, b, modulus, count(limbs));
  }
}
