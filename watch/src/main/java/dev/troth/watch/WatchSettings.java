package dev.troth.watch;

import dev.troth.watch.filter.Filter;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a watcher wishes to hear, and where.
 *
 * @param types the change types of level {@code custom}; empty on the other levels
 * @param filter what must hold of a change besides
 * @param channels names of channels; {@code inbox} is always among them
 * @param mutedUntil changes before this time are not told unless critical; the epoch when unmuted
 * @param ownChanges whether the watcher is told of their own changes as well
 */
public record WatchSettings(
    Level level,
    Set<String> types,
    Filter filter,
    Set<String> channels,
    Instant mutedUntil,
    OwnChanges ownChanges) {
  public static final String INBOX = "inbox";
  private static final int MOST = 32;
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._:/-]{1,128}");

  public WatchSettings {
    if (level == Level.CUSTOM && types.isEmpty() && filter.isAny()) {
      throw new IllegalArgumentException(
          "level custom has neither types nor a filter, expected at least one of them");
    }
    if (level != Level.CUSTOM && !types.isEmpty()) {
      throw new IllegalArgumentException(
          "level %s has types %s, expected types only with level custom".formatted(level, types));
    }
    if (types.size() > MOST || channels.size() > MOST) {
      throw new IllegalArgumentException(
          "the watch has %d types and %d channels, expected at most %d of each"
              .formatted(types.size(), channels.size(), MOST));
    }
    requireWords("change type", types);
    requireWords("channel", channels);
    TreeSet<String> all = new TreeSet<>(channels);
    all.add(INBOX);
    channels = Collections.unmodifiableSet(all);
    types = Collections.unmodifiableSet(new TreeSet<>(types));
  }

  private static void requireWords(String name, Set<String> words) {
    for (String word : words) {
      if (!WORD.matcher(word).matches()) {
        throw new IllegalArgumentException(
            "%s is '%s', expected 1 to 128 letters, digits and . _ : / -".formatted(name, word));
      }
    }
  }

  /** Every change, in the inbox. */
  public static WatchSettings all() {
    return new WatchSettings(
        Level.ALL, Set.of(), Filter.any(), Set.of(INBOX), Instant.EPOCH, OwnChanges.LEFT_OUT);
  }

  public WatchSettings on(Set<String> otherChannels) {
    return new WatchSettings(level, types, filter, otherChannels, mutedUntil, ownChanges);
  }

  public WatchSettings mutedUntil(Instant time) {
    return new WatchSettings(level, types, filter, channels, time, ownChanges);
  }

  /** The same, but the watcher is told of their own changes as well, or is not. */
  public WatchSettings ownChanges(OwnChanges own) {
    return new WatchSettings(level, types, filter, channels, mutedUntil, own);
  }

  /** Whether something must be sent, beyond the inbox, which is read and needs no sending. */
  public boolean pushes() {
    return level != Level.IGNORE && channels.size() > 1;
  }
}
