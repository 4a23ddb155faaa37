/**
 * BPF bytecode as values: an assembler with labels and symbolic maps, and a disassembler that
 * prints a program in the kernel's own notation.
 */
@NullMarked
package dev.troth.observe.bpf;

import org.jspecify.annotations.NullMarked;
