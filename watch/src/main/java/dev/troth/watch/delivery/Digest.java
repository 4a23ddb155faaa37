package dev.troth.watch.delivery;

import java.util.List;

/**
 * Several notifications of one user on one channel, told as one message.
 *
 * @param key the same at every attempt
 * @param notifications in the order of their changes, at least one
 */
public record Digest(NotificationKey key, List<Notification> notifications) {
  public Digest {
    if (notifications.isEmpty()) {
      throw new IllegalArgumentException(
          "digest %s is empty, expected a notification".formatted(key));
    }
    notifications = List.copyOf(notifications);
  }

  public String user() {
    return notifications.getFirst().watch().user();
  }

  public String channel() {
    return notifications.getFirst().channel();
  }
}
