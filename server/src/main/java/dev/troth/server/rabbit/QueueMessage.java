package dev.troth.server.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.LongString;
import java.util.Date;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One message.
 *
 * @param tag by which its channel knows it
 * @param redelivered whether it was sent before, and not settled
 * @param id the sender's; empty without
 * @param type the sender's word for it; empty without
 * @param contentType empty without
 * @param headers those that are texts, numbers, booleans or times, as texts
 * @param body null when it is longer than a change can be
 */
public record QueueMessage(
    long tag,
    boolean redelivered,
    String id,
    String type,
    String contentType,
    Map<String, String> headers,
    byte @Nullable [] body,
    int length) {
  /** More than an event may have in JSON; the rest is not kept in memory. */
  public static final int LONGEST = 256 * 1024;

  private static final int MOST_HEADERS = 100;

  static QueueMessage of(Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
    return new QueueMessage(
        envelope.getDeliveryTag(),
        envelope.isRedeliver(),
        text(properties.getMessageId()),
        text(properties.getType()),
        text(properties.getContentType()),
        headers(properties.getHeaders()),
        body.length > LONGEST ? null : body,
        body.length);
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static Map<String, String> headers(@Nullable Map<String, Object> given) {
    Map<String, String> headers = new TreeMap<>();
    if (given != null) {
      given.forEach((name, value) -> {
        if (headers.size() < MOST_HEADERS && value instanceof Date time) {
          headers.put(name, time.toInstant().toString());
        } else if (headers.size() < MOST_HEADERS
            && (value instanceof LongString
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean)) {
          headers.put(name, value.toString());
        }
      });
    }
    return headers;
  }
}
