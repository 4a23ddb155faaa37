package dev.troth.cli.watch;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The platform's answers that {@code troth watch} reads. */
final class WatchAnswers {
  private WatchAnswers() {}

  /** A page of watches. */
  record Watches(@Nullable List<Watch> items) {
    List<Watch> all() {
      return listed(items);
    }
  }

  /** A watch; {@link #toString} is its line in a list. */
  record Watch(
      long id,
      String user,
      String target,
      String level,
      @Nullable List<String> types,
      @Nullable String filter,
      @Nullable List<String> channels,
      boolean ownChanges,
      @Nullable String mutedUntil) {

    @Override
    public String toString() {
      StringBuilder line = new StringBuilder().append(id).append("  ").append(target);
      line.append("  ").append(level);
      listed(types).forEach(type -> line.append(' ').append(type));
      if (filter != null && !filter.isEmpty()) {
        line.append("  if ").append(filter);
      }
      line.append("  →");
      listed(channels).forEach(channel -> line.append(' ').append(channel));
      line.append("  (").append(user).append(')');
      if (ownChanges) {
        line.append("  own changes too");
      }
      if (mutedUntil != null) {
        line.append("  muted until ").append(mutedUntil);
      }
      return line.toString();
    }
  }

  /** The newest notifications, and how many are unread in all. */
  record Inbox(@Nullable List<Notification> items, int unread) {
    List<Notification> all() {
      return listed(items);
    }

    /** The id up to which all were shown. */
    Optional<String> newest() {
      return all().stream().findFirst().map(Notification::id);
    }
  }

  /** A notification; {@link #toString} is its line in a list. */
  record Notification(String id, String state, String at, String reason, String title) {
    @Override
    public String toString() {
      return "%s %6s  %-19s %-14s %s"
          .formatted(
              state.equals("unread") ? "*" : " ",
              id,
              at.replace('T', ' ').replaceFirst("(\\.\\d+)?Z$", ""),
              reason,
              title);
    }
  }

  /** A page of dead letters. */
  record DeadLetters(@Nullable List<DeadLetter> items) {
    List<DeadLetter> all() {
      return listed(items);
    }
  }

  /** A dead letter; {@link #toString} is its line in a list. */
  record DeadLetter(
      String key,
      String seq,
      String subject,
      long version,
      String channel,
      int attempts,
      @Nullable String note) {
    @Override
    public String toString() {
      return "%s  change %s  %s version %s  %s  %s attempts: %s"
          .formatted(key, seq, subject, version, channel, attempts, note == null ? "" : note);
    }
  }

  /** How many dead letters are delivered again. */
  record Replayed(int replayed) {}

  /** A record as an import compares it. */
  record Stored(@Nullable String name, @Nullable String value, long version) {}

  /** What became of many watches at once. */
  record Bulk(int created, int standing, @Nullable List<Failed> failed) {
    List<Failed> failures() {
      return listed(failed);
    }
  }

  /** One that was refused: its place in the request, and why. */
  record Failed(int index, String detail) {}

  private static <T> List<T> listed(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
