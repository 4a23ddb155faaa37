/** Pages that somebody has to acknowledge, and who is paged next when nobody does. */
@NullMarked
package dev.troth.server.oncall;

import org.jspecify.annotations.NullMarked;
