/** The reader, port 4103: follows the platform's stream and keeps what it saw. */
@NullMarked
package dev.troth.orders.consumer;

import org.jspecify.annotations.NullMarked;
