/** Faults on demand, each with an end. */
@NullMarked
package dev.troth.orders.fault;

import org.jspecify.annotations.NullMarked;
