/** What was counted when, so that what was shown at an instant can be shown again. */
@NullMarked
package dev.troth.server.history;

import org.jspecify.annotations.NullMarked;
