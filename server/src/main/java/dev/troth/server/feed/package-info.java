/** A user's notifications as an Atom feed behind a private link. */
@NullMarked
package dev.troth.server.feed;

import org.jspecify.annotations.NullMarked;
