/** The validator as a WASI command: a token on standard input, a verdict on standard output. */
@NullMarked
package dev.troth.gate.wasi;

import org.jspecify.annotations.NullMarked;
