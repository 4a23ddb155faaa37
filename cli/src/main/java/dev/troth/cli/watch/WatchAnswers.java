package dev.troth.cli.watch;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.TerminalText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The platform's answers that {@code troth watch} reads. */
final class WatchAnswers {
  private WatchAnswers() {}

  /**
   * A page of watches.
   *
   * @param next after which one to go on; null at the end
   */
  private record Watches(List<JsonNode> items, @Nullable Long next) {}

  /** All watches of a user as they were answered, read page by page. */
  static List<JsonNode> documents(ApiClient client, Optional<String> user) {
    String whose = user.map(name -> "&user=" + encode(name)).orElse("");
    List<JsonNode> all = new ArrayList<>();
    Long after = 0L;
    while (after != null) {
      Watches page = client.get("/api/watches?limit=500&after=" + after + whose).as(Watches.class);
      all.addAll(page.items());
      after = page.next();
    }
    return all;
  }

  /** All watches of a user. */
  static List<Watch> watches(ApiClient client, Optional<String> user) {
    return documents(client, user).stream().map(Watch::of).toList();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
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

    static Watch of(JsonNode document) {
      return new ApiClient.Answer(200, document).as(Watch.class);
    }

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
      return TerminalText.printable(line.toString());
    }
  }

  /**
   * The newest notifications, and how many are unread in all.
   *
   * @param urgent unread urgent ones, wherever they are buried
   */
  record Inbox(List<Notification> items, int unread, @Nullable List<Notification> urgent) {
    /** What is urgent stands once, above what is newer. */
    List<Notification> all() {
      Map<String, Notification> all = new LinkedHashMap<>();
      listed(urgent).forEach(item -> all.put(item.id(), item));
      items.forEach(item -> all.putIfAbsent(item.id(), item));
      return List.copyOf(all.values());
    }

    /** The id up to which all were shown. */
    Optional<String> newest() {
      return items.stream().findFirst().map(Notification::id);
    }
  }

  /** A notification; {@link #toString} is its line in a list. */
  record Notification(
      String id, String state, String at, String reason, String title, @Nullable Boolean critical) {
    @Override
    public String toString() {
      String time = at.replace('T', ' ').replaceFirst("(\\.\\d+)?Z$", "");
      return TerminalText.printable(
          "%s %6s  %-19s %-14s %s".formatted(sign(), id, time, reason, title));
    }

    private String sign() {
      if (!state.equals("unread")) {
        return " ";
      }
      return Boolean.TRUE.equals(critical) ? "!" : "*";
    }
  }

  /** A page of dead letters. */
  record DeadLetters(List<DeadLetter> items) {}

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
      return TerminalText.printable(
          "%s  change %s  %s version %s  %s  %s: %s"
              .formatted(
                  key,
                  seq,
                  subject,
                  version,
                  channel,
                  attempts == 1 ? "1 attempt" : attempts + " attempts",
                  note == null ? "" : note));
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

  /** Some that were refused: the place of the first in the request, how many follow, and why. */
  record Failed(int index, @Nullable Integer count, String detail) {
    int end() {
      return index + (count == null ? 1 : count);
    }
  }

  private static <T> List<T> listed(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
