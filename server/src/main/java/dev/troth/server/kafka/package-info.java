/** Changes that come from topics of Kafka, and a topic that gets all of them. */
@NullMarked
package dev.troth.server.kafka;

import org.jspecify.annotations.NullMarked;
