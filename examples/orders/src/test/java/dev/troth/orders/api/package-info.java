@NullMarked
package dev.troth.orders.api;

import org.jspecify.annotations.NullMarked;
