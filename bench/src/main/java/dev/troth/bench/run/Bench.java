package dev.troth.bench.run;

import dev.troth.bench.results.TabLines;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A side-by-side measurement: a line of {@code benches.tsv}.
 *
 * @param what it measures, beside which peer
 * @param needs commands on the PATH, {@code root}, and variables of the environment with a {@code
 *     $}
 * @param prepare builds and fetches what it needs, before the machine has to be quiet
 * @param command the whole run, from the root of the checkout
 * @param limit how long the whole run may take
 * @param quick a run of two minutes at most that shows that it works; its figures mean nothing
 */
record Bench(
    String name,
    String what,
    List<String> needs,
    String prepare,
    String command,
    Duration limit,
    String quick) {
  private static final int CELLS = 7;

  static List<Bench> all(Path file) throws IOException {
    return TabLines.read(
        file,
        CELLS,
        cells ->
            new Bench(
                cells.get(0),
                cells.get(1),
                List.of(cells.get(2).split(",")),
                cells.get(3),
                cells.get(4),
                Duration.ofMinutes(Long.parseLong(cells.get(5))),
                cells.get(6)));
  }

  /** What this machine lacks of its needs. */
  List<String> lacking(String path) {
    return needs.stream().filter(need -> !isThere(need, path)).toList();
  }

  private static boolean isThere(String need, String path) {
    if (need.equals("root")) {
      return System.getProperty("user.name").equals("root");
    }
    if (need.startsWith("$")) {
      String value = System.getenv(need.substring(1));
      return value != null && Files.isDirectory(Path.of(value));
    }
    return Stream.of(path.split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, need)));
  }
}
