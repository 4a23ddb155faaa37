/** Brokers of RabbitMQ for tests. */
@NullMarked
package dev.troth.server.rabbit;

import org.jspecify.annotations.NullMarked;
