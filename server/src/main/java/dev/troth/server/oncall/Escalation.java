package dev.troth.server.oncall;

import dev.troth.server.auth.Caller;
import dev.troth.watch.change.Target;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who is paged one after the other when something urgent of a target begins.
 *
 * @param line the users, the first first
 * @param within how long each has before the next is paged
 */
public record Escalation(String name, Target target, List<String> line, Duration within) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final int LONGEST_LINE = 20;
  private static final Duration LONGEST = Duration.ofDays(1);

  public Escalation {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "escalation is '%s', expected 1 to 64 small letters, digits and . _ -".formatted(name));
    }
    line = List.copyOf(line);
    if (line.isEmpty() || line.size() > LONGEST_LINE || new HashSet<>(line).size() < line.size()) {
      throw new IllegalArgumentException(
          "line is %s, expected 1 to %d different users".formatted(line, LONGEST_LINE));
    }
    for (String user : line) {
      if (!Caller.isUser(user) || user.length() > 128) {
        throw new IllegalArgumentException(Caller.refusal("user", user, 128));
      }
    }
    if (within.toSeconds() < 1 || within.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "within is %d seconds, expected 1 to %d"
              .formatted(within.toSeconds(), LONGEST.toSeconds()));
    }
  }
}
