/** What can be told of a command in SQL without its literals. Pure. */
@NullMarked
package dev.troth.observe.sql;

import org.jspecify.annotations.NullMarked;
