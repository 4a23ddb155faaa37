package dev.troth.observe.memcached;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A line with which a client asks for something.
 *
 * @param operation its first word
 * @param data how many bytes follow the line, -1 where none do
 * @param answered whether the server answers it
 */
record Command(String operation, int data, boolean answered) {
  static final List<String> STORING = List.of("set", "add", "replace", "append", "prepend", "cas");
  static final List<String> RETRIEVING = List.of("get", "gets", "gat", "gats");
  private static final List<String> OTHERS =
      List.of("delete", "incr", "decr", "touch", "stats", "flush_all", "version", "verbosity");
  private static final int LENGTH = 4;

  /** Reads a line without its end; empty when it asks for nothing that is known. */
  static Optional<Command> of(String line) {
    String[] words = line.split(" ", -1);
    String operation = words[0];
    boolean silent = words[words.length - 1].equals("noreply");
    if (STORING.contains(operation)) {
      return words.length > LENGTH && words[LENGTH].matches("[0-9]{1,9}")
          ? Optional.of(new Command(operation, Integer.parseInt(words[LENGTH]) + 2, !silent))
          : Optional.empty();
    }
    boolean known = RETRIEVING.contains(operation) ? words.length > 1 : OTHERS.contains(operation);
    return known ? Optional.of(new Command(operation, -1, !silent)) : Optional.empty();
  }

  /** Whether bytes begin with a whole line that is a command. */
  static boolean begins(byte[] bytes, int captured) {
    for (int i = 0; i + 1 < captured; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        return of(new String(Arrays.copyOf(bytes, i), java.nio.charset.StandardCharsets.US_ASCII))
            .isPresent();
      }
    }
    return false;
  }
}
