/**
 * Kafka: produce and fetch, paired by their correlation ids. Pure: bytes in, exchanges out, nothing
 * else.
 */
@NullMarked
package dev.troth.observe.kafka;

import org.jspecify.annotations.NullMarked;
