package dev.troth.watch;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All watches of one user, asked together: of those that cover a change the most specific one
 * speaks alone. So nobody is told twice of one change, and {@code ignore} on a record silences a
 * watch of its collection.
 */
public final class UserWatches {
  private final Map<Target, List<Watch>> terms = new HashMap<>();

  /** The watches of one user, with all their terms; of two of one target the first speaks. */
  public UserWatches(Collection<Watch> watches) {
    for (Watch watch : watches) {
      terms.computeIfAbsent(watch.target(), target -> new ArrayList<>()).add(watch);
    }
  }

  /** What the user hears of a change. */
  public record Heard(Watch watch, Reason reason) {}

  /** The watch that tells the user of the change and why; empty when none does. */
  public Optional<Heard> hear(Change change, Participation participation) {
    Decided decided = decide(change, participation);
    return decided
        .watch()
        .flatMap(watch ->
            switch (decided.decision()) {
              case Decision.Told(Reason reason) -> Optional.of(new Heard(watch, reason));
              case Decision.Silent _ -> Optional.empty();
            });
  }

  /**
   * What was decided of a change.
   *
   * @param watch the one that decided; empty when none covers the change
   */
  public record Decided(Optional<Watch> watch, Decision decision) {}

  /** Whether the user is told of a change, by which watch and rule. */
  public Decided decide(Change change, Participation participation) {
    for (Target target : Target.covering(change.subject())) {
      for (Watch watch : terms.getOrDefault(target, List.of())) {
        if (watch.term().contains(change.seq())) {
          return new Decided(Optional.of(watch), watch.decide(change, participation));
        }
      }
    }
    return new Decided(Optional.empty(), new Decision.Silent(Decision.Rule.NO_WATCH));
  }
}
