package dev.troth.observe.agent;

import dev.troth.observe.metrics.Unread;
import dev.troth.observe.span.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Counts the connections that are not read, by service, port and what they are, and says so when
 * one of a kind is seen for the first time. Not thread-safe.
 */
final class UnreadConnections {
  private static final int MOST_KINDS = 100;

  /** Ports from here on are given to clients. */
  private static final int FIRST_EPHEMERAL = 32_768;

  private record Kind(String service, int port, String what) {}

  private final Map<Kind, Long> counts = new LinkedHashMap<>();
  private final Consumer<String> log;

  UnreadConnections(Consumer<String> log) {
    this.log = log;
  }

  /** Counts one; whether the watched process is, as far as can be told, the one that answers. */
  boolean add(Connection connection, String what) {
    int local = connection.ends().localPort();
    int port = serverPort(connection);
    Kind kind = new Kind(connection.target().service(), port, what);
    if (counts.size() >= MOST_KINDS && !counts.containsKey(kind)) {
      kind = new Kind("", 0, "others");
    }
    if (counts.merge(kind, 1L, Long::sum) == 1) {
      log.accept("%s, port %d: %s is not read".formatted(kind.service, kind.port, kind.what));
    }
    return local < FIRST_EPHEMERAL || connection.ends().remotePort() >= FIRST_EPHEMERAL;
  }

  /** The port of the end that answers, as far as it can be told. */
  static int serverPort(Connection connection) {
    int local = connection.ends().localPort();
    int remote = connection.ends().remotePort();
    return local >= FIRST_EPHEMERAL && remote > 0 && remote < FIRST_EPHEMERAL ? remote : local;
  }

  List<Unread> all() {
    return counts.entrySet().stream()
        .map(entry ->
            new Unread(
                entry.getKey().service, entry.getKey().port, entry.getKey().what, entry.getValue()))
        .toList();
  }
}
