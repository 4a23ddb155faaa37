/** Trace contexts that are written into heads of HTTP/1.1 while they are sent. */
@NullMarked
package dev.troth.observe.propagation;

import org.jspecify.annotations.NullMarked;
