/** Memcached's text protocol as it is read from a socket. Pure: no clock, no I/O. */
@NullMarked
package dev.troth.observe.memcached;

import org.jspecify.annotations.NullMarked;
