/** {@code troth gate}: run, verify, keys, bench. */
@NullMarked
package dev.troth.cli.gate;

import org.jspecify.annotations.NullMarked;
