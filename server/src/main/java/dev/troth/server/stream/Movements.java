package dev.troth.server.stream;

import dev.troth.server.change.Revisions;
import dev.troth.watch.change.Change;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What moved since a stream last said so, as topics: subjects, their types such as {@code
 * record/*}, the user's {@code inbox} and {@code watches}, and {@code objectives} and {@code
 * traces}, which move with every commit of telemetry and so are said once a second at most. Used by
 * one thread.
 */
final class Movements {
  /** How often measurements are looked at. */
  static final Duration LOOK = Duration.ofSeconds(1);

  private final Revisions revisions;
  private final String user;
  private final LongSupplier nanos;
  private final Set<String> topics = new LinkedHashSet<>();
  private long watches;
  private long objectives;
  private long traces;
  private long verdicts;
  private long looked;

  /**
   * @param nanos a clock for lengths of time
   */
  Movements(Revisions revisions, String user, LongSupplier nanos) {
    this.revisions = revisions;
    this.user = user;
    this.nanos = nanos;
    this.looked = nanos.getAsLong();
    this.watches = revisions.watchesOf(user);
    this.objectives = revisions.objectives();
    this.traces = revisions.traces();
    this.verdicts = revisions.verdicts();
  }

  /** A change that the user may read. */
  void changed(Change change) {
    topics.add(change.subject().toString());
    topics.add(change.subject().type() + "/*");
  }

  /** The user was told of something, or marked something. */
  void inbox() {
    topics.add("inbox");
  }

  /** What is to be said now; it is then said. */
  List<String> take() {
    if (watches != revisions.watchesOf(user)) {
      watches = revisions.watchesOf(user);
      topics.add("watches");
    }
    if (nanos.getAsLong() - looked >= LOOK.toNanos()) {
      looked = nanos.getAsLong();
      if (objectives != revisions.objectives()) {
        objectives = revisions.objectives();
        topics.add("objectives");
      }
      if (traces != revisions.traces()) {
        traces = revisions.traces();
        topics.add("traces");
      }
      if (verdicts != revisions.verdicts()) {
        verdicts = revisions.verdicts();
        topics.add("gate");
      }
    }
    List<String> taken = List.copyOf(topics);
    topics.clear();
    return taken;
  }
}
