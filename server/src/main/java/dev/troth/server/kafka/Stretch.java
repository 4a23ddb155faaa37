package dev.troth.server.kafka;

import java.util.List;

/**
 * Messages of one partition that follow each other.
 *
 * @param from the first place that is looked at
 * @param to the place to go on at
 */
record Stretch(String topic, int part, long from, long to, List<Message> messages) {
  Stretch {
    messages = List.copyOf(messages);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "stretch of %s-%d is from %d to %d, expected a rising one"
              .formatted(topic, part, from, to));
    }
  }
}
