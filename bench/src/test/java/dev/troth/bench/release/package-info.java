/** What people install. */
@NullMarked
package dev.troth.bench.release;

import org.jspecify.annotations.NullMarked;
