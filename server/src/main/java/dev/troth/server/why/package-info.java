/** Why a user was, or was not, told of a change. */
@NullMarked
package dev.troth.server.why;

import org.jspecify.annotations.NullMarked;
