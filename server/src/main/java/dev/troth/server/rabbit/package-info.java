/** Other people's RabbitMQ brokers, whose queues are sources. */
@NullMarked
package dev.troth.server.rabbit;

import org.jspecify.annotations.NullMarked;
