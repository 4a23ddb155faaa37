/**
 * HTTP/1.1 read from both directions of a socket (RFC 9112), with bytes missing: a response is
 * paired with its own request or with none. Pure: no clock, no I/O.
 */
@NullMarked
package dev.troth.observe.http;

import org.jspecify.annotations.NullMarked;
