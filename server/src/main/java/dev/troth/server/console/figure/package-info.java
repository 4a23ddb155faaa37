/** Numbers, times and the shapes of charts as people read them. */
@NullMarked
package dev.troth.server.console.figure;

import org.jspecify.annotations.NullMarked;
