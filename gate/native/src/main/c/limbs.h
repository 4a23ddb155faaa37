/*
 * The operations of LimbOperations, two limbs of 32 bits at a time: numbers modulo an odd number, the
 * lowest limb first, all of the same even count of limbs. Only public numbers may come here.
 */
#ifndef TROTH_GATE_LIMBS_H
#define TROTH_GATE_LIMBS_H
#include <stdint.h>

/* out = a*b/2^(32*limbs); negated_inverse is -1/modulus modulo 2^64. */
void gate_limbs_multiply(void* out, void* a, void* b, void* modulus, int64_t negated_inverse, int32_t limbs);
void gate_limbs_add(void* out, void* a, void* b, void* modulus, int32_t limbs);
void gate_limbs_subtract(void* out, void* a, void* b, void* modulus, int32_t limbs);
#endif
