/** DNS as it is read from datagrams and from TCP. Pure: no clock, no I/O. */
@NullMarked
package dev.troth.observe.dns;

import org.jspecify.annotations.NullMarked;
