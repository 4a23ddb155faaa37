/**
 * What an order is: the request of a customer, the order made of it, the event that tells of it.
 */
@NullMarked
package dev.troth.orders.order;

import org.jspecify.annotations.NullMarked;
