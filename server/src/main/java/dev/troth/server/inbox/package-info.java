/** A user's notifications and their marks. */
@NullMarked
package dev.troth.server.inbox;

import org.jspecify.annotations.NullMarked;
