package dev.troth.watch;

import dev.troth.watch.Decision.Rule;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Target;
import java.util.Optional;

/**
 * A user's standing wish to be told of changes of a target, over one term of the log.
 *
 * <p>A term never changes: an edit closes it and opens another. So a change meets the wish that
 * stood when it was written, whenever it is looked at: by the dispatcher after a crash, by the
 * inbox a week later.
 *
 * @param id rises with the time of creation; the fan-out pages by it
 */
public record Watch(long id, String user, Target target, WatchSettings wish, Term term) {
  private static final int LONGEST_USER = 128;

  /**
   * The changes a watch is about: those with {@code after < seq <= until}.
   *
   * @param until {@link Long#MAX_VALUE} while the watch stands
   */
  public record Term(long after, long until) {
    public boolean contains(long seq) {
      return seq > after && seq <= until;
    }

    public boolean isOpen() {
      return until == Long.MAX_VALUE;
    }
  }

  public Watch {
    if (user.isBlank() || user.length() > LONGEST_USER || hasControls(user)) {
      throw new IllegalArgumentException(
          "user is '%s', expected 1 to %d characters without controls"
              .formatted(user, LONGEST_USER));
    }
  }

  private static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Why the watcher is to be told of the change, or empty when not. */
  public Optional<Reason> reasonFor(Change change, Participation participation) {
    return switch (decide(change, participation)) {
      case Decision.Told(Reason reason) -> Optional.of(reason);
      case Decision.Silent _ -> Optional.empty();
    };
  }

  /** Whether the watcher is told of the change, and by which rule. */
  public Decision decide(Change change, Participation participation) {
    NewChange what = change.what();
    if (!term.contains(change.seq()) || !target.covers(change.subject())) {
      return new Decision.Silent(Rule.NO_WATCH);
    }
    if (wish.level() == Level.IGNORE) {
      return new Decision.Silent(Rule.IGNORE);
    }
    if (what.actor().equals(user) && wish.ownChanges() == OwnChanges.LEFT_OUT) {
      return new Decision.Silent(Rule.OWN_CHANGE);
    }
    if (!wish.filter().test(change)) {
      return new Decision.Silent(Rule.FILTER);
    }
    boolean muted = change.at().isBefore(wish.mutedUntil());
    if (muted && !what.urgent()) {
      return new Decision.Silent(Rule.MUTED);
    }
    if (Mention.of(user, change)) {
      return new Decision.Told(Reason.MENTION);
    }
    return switch (wish.level()) {
      case NONE, IGNORE -> new Decision.Silent(Rule.NOT_MENTIONED);
      case ALL -> new Decision.Told(standing(muted));
      case CUSTOM ->
          wish.types().isEmpty() || wish.types().contains(what.type())
              ? new Decision.Told(standing(muted))
              : new Decision.Silent(Rule.OTHER_TYPE);
      case PARTICIPATING ->
          participation.tookPart(user, change)
              ? new Decision.Told(standing(muted))
              : new Decision.Silent(Rule.NOT_PARTICIPATING);
    };
  }

  private Reason standing(boolean muted) {
    if (muted) {
      return Reason.CRITICAL;
    }
    if (wish.level() == Level.PARTICIPATING) {
      return Reason.PARTICIPATING;
    }
    return target instanceof Target.One ? Reason.SUBSCRIBED : Reason.COLLECTION;
  }
}
