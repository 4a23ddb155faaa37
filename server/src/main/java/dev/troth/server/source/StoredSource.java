package dev.troth.server.source;

import dev.troth.watch.change.Subject;
import dev.troth.watch.source.Observation.Validators;
import dev.troth.watch.source.Sight;
import java.time.Instant;

/**
 * A source as it is stored.
 *
 * @param known by what its server knows the version that was seen last
 * @param due when it is looked at next
 */
record StoredSource(
    long id,
    String name,
    SourceSettings settings,
    State state,
    Sight sight,
    Validators known,
    Instant due,
    Health health,
    Instant createdAt,
    Counts counts) {

  /** How many changes it told, and how often it could not be read, since it was added. */
  record Counts(long changes, long errors) {}

  /** Whether it is looked at. */
  enum State {
    ACTIVE,
    PAUSED
  }

  /**
   * How its looks went.
   *
   * @param lookedAt when a look last showed how the thing stands; the epoch if none did
   * @param failures looks that failed since
   * @param error why the last of them did; empty without
   * @param lastSeq its last change; 0 without
   */
  record Health(Instant lookedAt, int failures, String error, Instant errorAt, long lastSeq) {
    static final Health NEW = new Health(Instant.EPOCH, 0, "", Instant.EPOCH, 0);

    Health withLastSeq(long seq) {
      return new Health(lookedAt, failures, error, errorAt, seq);
    }
  }

  /** Who its changes say that they come from. */
  String actor() {
    return "source/" + name;
  }

  /** The source itself, of which admins may be told. */
  Subject self() {
    return new Subject("source", name);
  }
}
