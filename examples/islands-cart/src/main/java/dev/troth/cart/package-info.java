/** A shop's cart that islands of three frameworks share, saved and painted first by Java. */
@NullMarked
package dev.troth.cart;

import org.jspecify.annotations.NullMarked;
