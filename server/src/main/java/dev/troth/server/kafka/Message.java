package dev.troth.server.kafka;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of a partition.
 *
 * @param offset its place in the partition
 * @param value null for a tombstone
 */
record Message(long offset, Map<String, byte[]> headers, byte @Nullable [] value) {}
