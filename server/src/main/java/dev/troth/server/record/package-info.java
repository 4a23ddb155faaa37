/** Records: the simplest subject that a user can write and watch. */
@NullMarked
package dev.troth.server.record;

import org.jspecify.annotations.NullMarked;
