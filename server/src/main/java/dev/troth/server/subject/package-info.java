/** Subjects of every type: their changes and who watches them. */
@NullMarked
package dev.troth.server.subject;

import org.jspecify.annotations.NullMarked;
