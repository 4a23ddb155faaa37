/* What the runtime wants of its host. Its log: an exception that nobody catches ends the process, and this says which. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

void teavm_printString(uint16_t* text) {
  for (; *text != 0; text++) {
    char c = *text < 128 ? (char)*text : '?';
    if (write(2, &c, 1) != 1) {
      return;
    }
  }
}

void teavm_printWString(int32_t* text) {
  for (; *text != 0; text++) {
    char c = *text < 128 ? (char)*text : '?';
    if (write(2, &c, 1) != 1) {
      return;
    }
  }
}

void teavm_printInt(int32_t number) {
  char digits[12];
  int at = 12;
  uint32_t rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
  do {
    digits[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (number < 0) {
    digits[--at] = '-';
  }
  ssize_t ignored = write(2, digits + at, (size_t)(12 - at));
  (void)ignored;
}

/* There is one thread, and no timer wakes it: TeaVM's own need both, and locales. */
void teavm_initFiber(void) {}

void teavm_waitFor(int64_t millis) {
  (void)millis;
  abort();
}

void teavm_interrupt(void) {}
