/* Runs the hostile module in the native sandbox and prints a number for each thing that it tries. */
#include <stdio.h>

#include "sandbox.h"

int main(void) {
  char settings[] = "x";
  if (gate_sandbox_configure(settings, 1) != 0) {
    return 1;
  }
  for (const char* what = "SMSLSGSOSPSTS"; *what != 0; what++) {
    char token[] = {*what};
    printf("%c%d ", *what, gate_sandbox_check(token, 1, 0));
    gate_sandbox_reset();
  }
  return 0;
}
