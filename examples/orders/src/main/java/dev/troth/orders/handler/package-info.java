/** The work, port 4101: prices an order, has it stored, and publishes that it was placed. */
@NullMarked
package dev.troth.orders.handler;

import org.jspecify.annotations.NullMarked;
