/** Redis's protocol, RESP 2 and 3, as it is read from a socket. Pure: no clock, no I/O. */
@NullMarked
package dev.troth.observe.redis;

import org.jspecify.annotations.NullMarked;
