/** Spans for the eye: lines, and a table that is kept up to date on a terminal. */
@NullMarked
package dev.troth.observe.print;

import org.jspecify.annotations.NullMarked;
