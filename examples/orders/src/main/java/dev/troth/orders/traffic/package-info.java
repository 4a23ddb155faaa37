/** Customers: seeded orders at a fixed rate. */
@NullMarked
package dev.troth.orders.traffic;

import org.jspecify.annotations.NullMarked;
