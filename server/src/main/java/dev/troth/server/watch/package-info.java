/** Watches: who wishes to be told of what, and on which terms. */
@NullMarked
package dev.troth.server.watch;

import org.jspecify.annotations.NullMarked;
