/* The sandbox as the native host's Java code sees it. */
#ifndef TROTH_GATE_SANDBOX_H
#define TROTH_GATE_SANDBOX_H
#include <stdint.h>

/* Starts the module anew with settings; 0 when it took them. The former one stays if it did not. */
int32_t gate_sandbox_configure(void* settings, int32_t length);

/* Gives up the module that serves; the next one gets its memory, zeroed. Until that is configured, nothing may be asked. */
void gate_sandbox_release(void);

/*
 * Who does the arithmetic of signatures that are no HMACs: a function of handle, algorithm, data,
 * its size, signature, its length that returns 1 if they fit. Without one, none of them is right.
 */
void gate_sandbox_arithmetic(void* verify);

/* How many bytes a token may have: what the module was configured for. */
int32_t gate_sandbox_max_token_bytes(void);

/* The number of a reason; 1000 when the module trapped, looped or grew and was thrown away. */
int32_t gate_sandbox_check(void* token, int32_t length, int64_t now_millis);

/* After a valid verdict: the claims, copied out; their length. */
int32_t gate_sandbox_payload(void* to, int32_t capacity);

/* Memory as it was before the token. */
void gate_sandbox_reset(void);

/* Stops the clock that watches the module; the next token starts it again. */
void gate_sandbox_idle(void);

/* Nanoseconds of the monotonic clock, milliseconds of the wall clock. */
int64_t gate_nanos(void);
int64_t gate_millis(void);
#endif
