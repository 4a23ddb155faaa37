/** The pages of traces. */
@NullMarked
package dev.troth.server.console.trace;

import org.jspecify.annotations.NullMarked;
