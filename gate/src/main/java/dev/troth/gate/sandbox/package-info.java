/** The core as a WebAssembly module inside the JVM: pooled, bounded, its memory restored. */
@NullMarked
package dev.troth.gate.sandbox;

import org.jspecify.annotations.NullMarked;
