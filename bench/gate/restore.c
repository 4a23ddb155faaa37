/* What a verdict and the reset of the sandbox's memory cost inside the native host: restore TOKEN SECRET. */
#include <stdio.h>
#include <stdint.h>
#include <string.h>

#include "sandbox.h"

#define ROUNDS 200000

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  /* One HS256 key without an id: docs/gate-module.md, "Settings". */
  uint8_t settings[512] = {1, 0, 0, 0, 0, 0, 0, 0, 1};
  int32_t secret = (int32_t)strlen(argv[2]);
  if (secret > 400) {
    return 2;
  }
  settings[4] = (uint8_t)((secret + 10) & 255);
  settings[3] = (uint8_t)((secret + 10) >> 8);
  memcpy(settings + 15, argv[2], (size_t)secret);
  if (gate_sandbox_configure(settings, secret + 15) != 0) {
    return 1;
  }
  int32_t length = (int32_t)strlen(argv[1]);
  int64_t reset = 0;
  int64_t start = gate_nanos();
  for (int i = 0; i < ROUNDS; i++) {
    if (gate_sandbox_check(argv[1], length, 1700000001000) != 0) {
      return 1;
    }
    int64_t before = gate_nanos();
    gate_sandbox_reset();
    reset += gate_nanos() - before;
  }
  printf("%.1f %.1f\n", (double)(gate_nanos() - start) / ROUNDS / 1000, (double)reset / ROUNDS / 1000);
  return 0;
}
