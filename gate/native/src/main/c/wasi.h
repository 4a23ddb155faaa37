/* WASI preview 1 as the command's Java code sees it. */
#ifndef TROTH_GATE_WASI_H
#define TROTH_GATE_WASI_H
#include <stdint.h>

int32_t gate_wasi_read(void* to, int32_t capacity);
void gate_wasi_write(int32_t file, void* from, int32_t length);
int32_t gate_wasi_variable(int32_t index, void* to, int32_t capacity);
int64_t gate_wasi_millis(void);
void gate_wasi_exit(int32_t status);
#endif
