/* The module's memory has no protection to change. */
#pragma once
#define PROT_NONE 0
#define PROT_READ 1
#define PROT_WRITE 2
#define mprotect(address, size, protection) 0
