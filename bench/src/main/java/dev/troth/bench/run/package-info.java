/** Runs the benches one after the other, and stops all that they started. */
@NullMarked
package dev.troth.bench.run;

import org.jspecify.annotations.NullMarked;
