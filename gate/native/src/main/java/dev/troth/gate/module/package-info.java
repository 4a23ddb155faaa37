/** The entry points of the WebAssembly module around {@code dev.troth.gate.core}. */
@NullMarked
package dev.troth.gate.module;

import org.jspecify.annotations.NullMarked;
