package dev.troth.watch.terms;

import java.util.regex.Pattern;

/**
 * A user's terms for a scope on a channel.
 *
 * @param channel a channel such as {@code webhook/ops}, all channels of a kind ({@code webhook}),
 *     or {@code *} for all
 */
public record Preference(Scope scope, String channel, Terms terms) {
  /** All channels. */
  public static final String EVERY_CHANNEL = "*";

  private static final Pattern CHANNEL = Pattern.compile("\\*|[A-Za-z0-9._:/-]{1,128}");

  public Preference {
    if (!CHANNEL.matcher(channel).matches()) {
      throw new IllegalArgumentException(
          "channel is '%s', expected the name of a channel, or *".formatted(channel));
    }
  }

  @Override
  public String toString() {
    return "%s on %s".formatted(scope, channel.equals(EVERY_CHANNEL) ? "every channel" : channel);
  }
}
