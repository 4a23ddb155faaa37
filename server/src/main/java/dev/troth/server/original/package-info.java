/** The three routes of the published watch design. */
@NullMarked
package dev.troth.server.original;

import org.jspecify.annotations.NullMarked;
