/** CloudEvents that services send in. */
@NullMarked
package dev.troth.server.event;

import org.jspecify.annotations.NullMarked;
