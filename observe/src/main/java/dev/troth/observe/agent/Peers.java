package dev.troth.observe.agent;

import dev.troth.observe.span.Connection;
import dev.troth.observe.span.Ends;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections that are remembered, by their ends: whoever is watched at the far end of a new
 * one is introduced to it. Not thread-safe.
 */
final class Peers {
  private final Map<Ends, List<Connection>> known = new HashMap<>();

  /** A connection is remembered; it replaces an older one between the same ends. */
  void add(Connection connection) {
    Ends ends = connection.ends();
    List<Connection> far =
        known.getOrDefault(
            new Ends(ends.remote(), ends.remotePort(), ends.local(), ends.localPort(), 0),
            List.of());
    for (Connection candidate : far.reversed()) {
      if (candidate.ends().face(ends)) {
        connection.faces(candidate);
        break;
      }
    }
    known.computeIfAbsent(anywhere(ends), added -> new ArrayList<>(1)).add(connection);
  }

  /** A connection is forgotten, if it was remembered. */
  void remove(Connection connection) {
    known.computeIfPresent(
        anywhere(connection.ends()),
        (ends, all) -> {
          all.removeIf(one -> one == connection);
          return all.isEmpty() ? null : all;
        });
  }

  /** In whichever network namespace. */
  private static Ends anywhere(Ends ends) {
    return new Ends(ends.local(), ends.localPort(), ends.remote(), ends.remotePort(), 0);
  }
}
