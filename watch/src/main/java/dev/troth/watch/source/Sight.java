package dev.troth.watch.source;

import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.util.Optional;

/**
 * What is known of a thing that is looked at, from which the next look tells what changed.
 *
 * @param state whether it was ever seen, and is there
 * @param fields as they were seen last; kept while it is gone
 */
public record Sight(State state, Fields fields) {
  /** Nobody has looked yet. */
  public static final Sight NEVER = new Sight(State.NEVER, Fields.none());

  /** Whether a thing is there. */
  public enum State {
    NEVER,
    THERE,
    GONE
  }

  /**
   * What an observation changes: the sight after it, and the change that it states, if any. A first
   * sight states none: nothing is known to have happened.
   */
  public record Step(Sight after, Optional<NewChange> change) {}

  /** The step of an observation about a subject, told by an actor. */
  public Step see(Observation observation, Subject subject, String actor) {
    return switch (observation) {
      case Observation.Seen(Fields now, var _) ->
          new Step(new Sight(State.THERE, now), seen(now, subject, actor));
      case Observation.Gone _ ->
          new Step(
              new Sight(State.GONE, fields),
              state == State.THERE
                  ? Optional.of(
                      NewChange.of(subject, subject.type() + ".lost", actor).before(fields))
                  : Optional.empty());
      case Observation.Unchanged _ -> new Step(this, Optional.empty());
      case Observation.Failed _ -> new Step(this, Optional.empty());
    };
  }

  private Optional<NewChange> seen(Fields now, Subject subject, String actor) {
    return switch (state) {
      case NEVER -> Optional.empty();
      case GONE -> Optional.of(NewChange.of(subject, subject.type() + ".back", actor).after(now));
      case THERE ->
          Fields.changed(fields, now).isEmpty()
              ? Optional.empty()
              : Optional.of(
                  NewChange.of(subject, subject.type() + ".changed", actor)
                      .before(fields)
                      .after(now));
    };
  }
}
