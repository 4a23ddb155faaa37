/**
 * Who wishes to be told, of what and how.
 *
 * <p>Everything here is a value or a port. Nothing does I/O, so nothing can fail for outside
 * reasons; the shell brings the database, the clock and the channels.
 */
@NullMarked
package dev.troth.watch;

import org.jspecify.annotations.NullMarked;
