/**
 * The seam between what the kernel saw and the protocols: bytes of one socket, direction by
 * direction, with their place in the stream. Pure: no clock, no I/O.
 */
@NullMarked
package dev.troth.observe.stream;

import org.jspecify.annotations.NullMarked;
