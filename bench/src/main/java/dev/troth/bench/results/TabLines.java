package dev.troth.bench.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A text file of cells between tabs: a line each, {@code #} begins a comment. */
public final class TabLines {
  private TabLines() {}

  /** Reads each line by a function; what the function refuses is said with its place. */
  public static <T> List<T> read(Path file, int cells, Function<List<String>, T> reader)
      throws IOException {
    return parse(file.toString(), Files.readAllLines(file), cells, reader);
  }

  /** As {@link #read}, of lines that are at hand. */
  public static <T> List<T> parse(
      String name, List<String> lines, int cells, Function<List<String>, T> reader) {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> row = List.of(line.split("\t", -1));
      try {
        if (row.size() != cells) {
          throw new IllegalArgumentException(
              "has %d cells, expected %d".formatted(row.size(), cells));
        }
        all.add(reader.apply(row));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "%s line %d: %s".formatted(name, i + 1, e.getMessage()), e);
      }
    }
    return all;
  }
}
