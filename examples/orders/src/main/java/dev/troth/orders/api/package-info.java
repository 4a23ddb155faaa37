/** The front door, port 4100: checks what comes from outside and hands it on. */
@NullMarked
package dev.troth.orders.api;

import org.jspecify.annotations.NullMarked;
