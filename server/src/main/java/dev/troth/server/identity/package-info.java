/** Sign-in sessions and issued tokens. */
@NullMarked
package dev.troth.server.identity;

import org.jspecify.annotations.NullMarked;
