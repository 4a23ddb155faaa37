/** Server-sent events: changes and notifications as they happen. */
@NullMarked
package dev.troth.server.stream;

import org.jspecify.annotations.NullMarked;
