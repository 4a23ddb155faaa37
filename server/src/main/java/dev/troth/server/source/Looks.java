package dev.troth.server.source;

import dev.troth.server.db.Database;
import dev.troth.server.source.StoredSource.Health;
import dev.troth.server.source.StoredSource.State;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.source.Observation;
import dev.troth.watch.source.Observation.Validators;
import dev.troth.watch.source.Sight;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Looks at things that are looked at again and again. What was seen is written in the transaction
 * of the change that it states, so a crash between look and commit looks again and tells the same
 * once.
 */
final class Looks {
  private static final Logger LOG = System.getLogger(Looks.class.getName());

  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final Database database;
  private final ChangeLog<Handle> changes;
  private final HttpSource http;
  private final Clock clock;
  private final Outcomes outcomes;
  private final SourceStore store = new SourceStore();

  Looks(Database database, ChangeLog<Handle> changes, HttpSource http, Clock clock) {
    this.database = database;
    this.changes = changes;
    this.http = http;
    this.clock = clock;
    this.outcomes = new Outcomes(changes);
  }

  /** What is due to be looked at. */
  List<StoredSource> due(int limit) {
    Instant now = clock.instant();
    return database.read(handle -> store.due(handle, now, limit));
  }

  /** Looks at a source and writes down what that means. */
  void look(StoredSource source) {
    if (!(source.settings() instanceof HttpSettings settings)) {
      return;
    }
    Observation observation = observed(source, settings);
    database.write(handle -> {
      // What was removed, paused or seen by another look meanwhile is not written over.
      store
          .find(handle, source.id())
          .filter(now -> now.state() == State.ACTIVE && now.due().equals(source.due()))
          .ifPresent(now -> settle(handle, now, settings, observation));
      return true;
    });
  }

  /** A fault of our own counts as a failed look, so that it is not repeated at every turn. */
  private Observation observed(StoredSource source, HttpSettings settings) {
    try {
      return http.look(settings, source.known());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "the look at source " + source.name() + " failed: " + e, e);
      return new Observation.Failed("it could not be looked at: " + e, Duration.ZERO);
    }
  }

  private void settle(
      Handle handle, StoredSource source, HttpSettings settings, Observation observation) {
    Instant now = clock.instant();
    Duration every = Duration.ofSeconds(settings.seconds());
    switch (observation) {
      case Observation.Failed(String why, Duration pause) -> {
        Health health = outcomes.failed(handle, source, why, now);
        Duration wait = Outcomes.wait(every, health.failures(), LONGEST_WAIT);
        store.looked(
            handle,
            source,
            source.sight(),
            source.known(),
            now.plus(Outcomes.longer(wait, pause)),
            health);
      }
      case Observation.Seen _, Observation.Gone _, Observation.Unchanged _ -> {
        Sight.Step step = source.sight().see(observation, settings.about(), source.actor());
        outcomes.succeeded(handle, source);
        Optional<Change> change = step.change().map(what -> changes.append(handle, what));
        store.counted(handle, source.id(), change.isPresent() ? 1 : 0, 0);
        store.looked(
            handle,
            source,
            step.after(),
            observation instanceof Observation.Seen(Fields _, Validators known)
                ? known
                : observation instanceof Observation.Gone ? Validators.NONE : source.known(),
            now.plus(every),
            Outcomes.well(now, change.map(Change::seq).orElse(source.health().lastSeq())));
      }
    }
  }
}
