/** The change log in SQL: what is appended, read, followed and retained. */
@NullMarked
package dev.troth.server.change;

import org.jspecify.annotations.NullMarked;
