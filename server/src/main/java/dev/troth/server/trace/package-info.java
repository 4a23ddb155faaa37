/** Stored traces and how they are shown. */
@NullMarked
package dev.troth.server.trace;

import org.jspecify.annotations.NullMarked;
