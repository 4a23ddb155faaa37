/**
 * What runs in the kernel and what comes out of it: the programs on the socket and process
 * tracepoints, the layout of the events they write, and the session that loads and reads them.
 *
 * <p>The programs decide as little as possible: is this process a target, is this TCP, does this
 * socket speak a protocol that is watched. Everything else is parsed in Java.
 */
@NullMarked
package dev.troth.observe.capture;

import org.jspecify.annotations.NullMarked;
