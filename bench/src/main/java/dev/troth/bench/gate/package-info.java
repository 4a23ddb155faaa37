/** Measurements of gate that need statistics rather than a load. */
@NullMarked
package dev.troth.bench.gate;

import org.jspecify.annotations.NullMarked;
