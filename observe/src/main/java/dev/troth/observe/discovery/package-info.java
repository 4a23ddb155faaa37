/** Which processes are watched, and what is known of them: found in {@code /proc}. */
@NullMarked
package dev.troth.observe.discovery;

import org.jspecify.annotations.NullMarked;
