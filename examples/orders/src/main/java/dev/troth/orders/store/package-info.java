/** The table, port 4102: orders in SQLite behind HTTP. */
@NullMarked
package dev.troth.orders.store;

import org.jspecify.annotations.NullMarked;
