package dev.troth.server.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.change.ChangeJson;
import dev.troth.server.error.DomainException;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.event.CloudEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** CloudEvents that services send in: each becomes a change, once. */
public final class Events {
  /**
   * What every CloudEvents intermediary must take, and what an inbox page can bear (§ Size Limits).
   */
  private static final int LONGEST = 64 * 1024;

  /** What the platform itself says of: nobody else states that it happened. */
  static final Set<String> OWN =
      Set.of(
          "agent",
          "contract",
          "endpoint",
          "escalation",
          "feed",
          "incident",
          "oncall",
          "record",
          "registry",
          "slo",
          "source",
          "terms",
          "token",
          "user-group",
          "watch");

  private final EventStore store;

  public Events(EventStore store) {
    this.store = store;
  }

  /**
   * What became of an event.
   *
   * @param duplicate whether an event of the same source and id was here before
   * @param problem how its data differs from the schema that it names, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TakenView(long seq, String subject, boolean duplicate, @Nullable String problem) {
    TakenView with(Optional<String> found) {
      return new TakenView(seq, subject, duplicate, found.orElse(null));
    }
  }

  /**
   * What became of one event of a batch.
   *
   * @param taken null if it was refused
   * @param detail why it was refused, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Result(
      int index,
      String id,
      int status,
      @JsonUnwrapped @Nullable TakenView taken,
      @Nullable String detail) {}

  /** What became of a batch. */
  public record BatchView(int accepted, int failed, List<Result> results) {}

  /**
   * An event of a batch, not yet looked into.
   *
   * @param id its id as far as it can be told
   * @param reader reads it, or throws an {@link IllegalArgumentException} that says what is wrong
   * @param problem how its data differs from the schema that it names
   */
  public record Unread(String id, Supplier<CloudEvent> reader, Optional<String> problem) {}

  /** An event that can be taken. */
  public CloudEvent read(Supplier<CloudEvent> reader) {
    return DomainException.valid(() -> bounded(reader));
  }

  /** The event of a message of Kafka, by its headers. */
  public CloudEvent readMessage(Map<String, byte[]> headers, byte @Nullable [] value) {
    return read(() -> MessageReader.read(headers, value));
  }

  public TakenView take(Handle handle, String user, CloudEvent event) {
    return store.take(handle, user, event);
  }

  /** Takes all good events of a batch, and names each other. */
  public BatchView takeAll(Handle handle, String user, List<Unread> batch) {
    List<Result> results = new ArrayList<>();
    int failed = 0;
    for (int i = 0; i < batch.size(); i++) {
      Unread event = batch.get(i);
      try {
        TakenView taken = store.take(handle, user, bounded(event.reader())).with(event.problem());
        results.add(new Result(i, event.id(), 200, taken, null));
      } catch (IllegalArgumentException e) {
        failed++;
        results.add(new Result(i, event.id(), 422, null, String.valueOf(e.getMessage())));
      } catch (DomainException.Conflict e) {
        failed++;
        results.add(new Result(i, event.id(), 409, null, e.detail()));
      }
    }
    return new BatchView(batch.size() - failed, failed, List.copyOf(results));
  }

  /**
   * Refuses a subject of which the platform itself says what happens.
   *
   * @throws IllegalArgumentException for one of the platform's own types
   */
  public static void requireNotOurs(Subject subject) {
    if (OWN.contains(subject.type())) {
      throw new IllegalArgumentException(
          "subject is '%s', expected a type that is not the platform's own (%s)"
              .formatted(subject, String.join(", ", new TreeSet<>(OWN))));
    }
  }

  private static CloudEvent bounded(Supplier<CloudEvent> reader) {
    CloudEvent event = reader.get();
    // The change is made here too, so that an event without a possible subject is refused in time.
    NewChange change = event.change();
    requireNotOurs(change.subject());
    int length = ChangeJson.body(change.before(), change.after(), change.event()).length();
    if (length > LONGEST) {
      throw new IllegalArgumentException(
          "event has %d characters, expected at most %d".formatted(length, LONGEST));
    }
    return event;
  }
}
