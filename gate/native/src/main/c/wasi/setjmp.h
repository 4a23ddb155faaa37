/* In the module a Java exception is a trap: nothing is ever caught. */
#pragma once
typedef int jmp_buf[1];
#define setjmp(buffer) 0
#define longjmp(buffer, value) __builtin_trap()
