package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the channel console told a crowd, whose users are u0, u1 and so on, as logs have it. */
final class ConsoleLines {
  private static final Pattern TOLD =
      Pattern.compile("notify u(\\d+): (\\S+) version (\\d+) \\S+ by \\S+ \\(change (\\d+),");
  private static final Written NONE = new Written("no change of the log", 0, "");

  private final int crowd;

  /** How often each was told, by change: a number a user, since there may be millions of lines. */
  private final Map<Long, int[]> told = new HashMap<>();

  private ConsoleLines(int crowd) {
    this.crowd = crowd;
  }

  /** A committed change as the API shows it. */
  record Written(String subject, long version, String value) {}

  /** Reads the logs of platforms; each line must match the changes. */
  static ConsoleLines read(List<Path> files, int crowd, Map<Long, Written> log) throws IOException {
    ConsoleLines all = new ConsoleLines(crowd);
    for (Path file : files) {
      try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
        lines.map(TOLD::matcher).filter(Matcher::find).forEach(line -> all.add(line, log));
      }
    }
    return all;
  }

  private void add(Matcher line, Map<Long, Written> log) {
    long seq = Long.parseLong(line.group(4));
    Written change = log.getOrDefault(seq, NONE);
    assertThat(line.group(2)).as(line.group()).isEqualTo(change.subject());
    assertThat(line.group(3)).as(line.group()).isEqualTo(Long.toString(change.version()));
    told.computeIfAbsent(seq, none -> new int[crowd])[Integer.parseInt(line.group(1))]++;
  }

  /** The changes that anybody was told of. */
  Set<Long> changes() {
    return told.keySet();
  }

  /** Some of the crowd that have no line of a change. */
  List<String> untold(Set<Long> changes) {
    List<String> untold = new ArrayList<>();
    for (long seq : changes) {
      int[] times = told.getOrDefault(seq, new int[crowd]);
      for (int user = 0; user < crowd && untold.size() < 20; user++) {
        if (times[user] == 0) {
          untold.add("u%d of change %d".formatted(user, seq));
        }
      }
    }
    return untold;
  }

  /** Lines beyond the first of a user and a change. */
  int repeated() {
    return told.values().stream()
        .flatMapToInt(Arrays::stream)
        .filter(times -> times > 1)
        .map(times -> times - 1)
        .sum();
  }
}
