/* Runs the hostile module in the native sandbox and prints a number for each thing that it tries. */
#include <stdio.h>

#include "sandbox.h"

/* R: the module is released as it is, without a reset, and its memory serves the next. */
int main(void) {
  char settings[] = "x";
  if (gate_sandbox_configure(settings, 1) != 0) {
    return 1;
  }
  for (const char* what = "SMSLSGSOSPSTSMRSOSPSGS"; *what != 0; what++) {
    if (*what == 'R') {
      gate_sandbox_release();
      if (gate_sandbox_configure(settings, 1) != 0) {
        return 1;
      }
      continue;
    }
    char token[] = {*what};
    printf("%c%d ", *what, gate_sandbox_check(token, 1, 0));
    if (what[1] != 'R') {
      gate_sandbox_reset();
    }
  }
  return 0;
}
