/**
 * PostgreSQL's protocol 3 as it is read from a socket: simple and extended queries, with the code
 * of each error. Pure: no clock, no I/O.
 */
@NullMarked
package dev.troth.observe.postgres;

import org.jspecify.annotations.NullMarked;
