/* What the module's Java code registers and imports. */
#ifndef TROTH_GATE_MODULE_H
#define TROTH_GATE_MODULE_H
#include <stdint.h>

void gate_export_buffers(void* settings, void* token, void* payload);
void gate_export_calls(void* configure, void* validate, void* payload_length, void* max_token_bytes,
                       void* group);

__attribute__((import_module("gate"), import_name("verify")))
int32_t gate_host_verify(int32_t handle, int32_t algorithm, void* data, int32_t size,
                         void* signature, int32_t length);
#endif
