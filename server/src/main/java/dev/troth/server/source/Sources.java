package dev.troth.server.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.folder.FileStore;
import dev.troth.server.ops.Metrics;
import dev.troth.server.rows.StreamFailure;
import dev.troth.server.source.PlaceStore.Place;
import dev.troth.server.source.SourceSettings.HookSettings;
import dev.troth.server.source.SourceView.StreamView;
import dev.troth.server.source.StoredSource.State;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.source.Observation;
import dev.troth.watch.source.Observation.Validators;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The sources that admins set up. What a source needs at its other end is made before it is stored,
 * and dropped before it is forgotten.
 */
public final class Sources {
  private static final int MOST = 1_000;

  private static final Logger LOG = System.getLogger("troth.source");

  private final Database database;
  private final ChangeLog<Handle> changes;
  private final HttpSource http;
  private final FarEnd farEnd;
  private final Clock clock;
  private final SourceStore store = new SourceStore();
  private final PlaceStore places = new PlaceStore();
  private final FileStore files = new FileStore();
  private volatile Runnable wake = () -> {};

  Sources(
      Database database, ChangeLog<Handle> changes, HttpSource http, FarEnd farEnd, Clock clock) {
    this.database = database;
    this.changes = changes;
    this.http = http;
    this.farEnd = farEnd;
    this.clock = clock;
  }

  /** What a look shows that is not written down. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tested(
      boolean works, String detail, @Nullable Map<String, @Nullable Object> fields) {}

  /** Told when something may be due. */
  void onDue(Runnable action) {
    wake = action;
  }

  private static void requireAdmin(Caller caller) {
    if (!caller.has(Role.ADMIN)) {
      throw new DomainException.Forbidden(
          "role of %s is %s, expected admin".formatted(caller.user(), caller.role()));
    }
  }

  public List<SourceView> all(Caller caller) {
    requireAdmin(caller);
    return views();
  }

  private List<SourceView> views() {
    Instant now = clock.instant();
    return database.read(handle -> {
      Map<Long, Place> found = places.all(handle);
      return store.all(handle).stream()
          .map(one -> SourceView.of(one, Optional.ofNullable(found.get(one.id())), now))
          .toList();
    });
  }

  public SourceView find(Caller caller, String name) {
    requireAdmin(caller);
    return database.read(handle -> view(handle, own(handle, name)));
  }

  private SourceView view(Handle handle, StoredSource source) {
    return SourceView.of(source, places.find(handle, source.id()), clock.instant());
  }

  private StoredSource own(Handle handle, String name) {
    return store
        .find(handle, name)
        .orElseThrow(
            () -> new DomainException.NotFound("source %s does not exist".formatted(name)));
  }

  /**
   * Adds a source; its first look shows how the thing stands, and states no change. What streams
   * begins now.
   */
  public SourceView add(Caller caller, SourceRequest asked) {
    requireAdmin(caller);
    String name = asked.nameOrEmpty();
    SourceSettings settings = DomainException.valid(asked::settings);
    database.read(handle -> {
      requireFree(handle, name, settings);
      return true;
    });
    FarEnd.Made made = make(settings);
    SourceView added;
    try {
      added =
          database.write(handle -> {
            requireFree(handle, name, made.settings());
            StoredSource source = store.add(handle, name, made.settings(), clock.instant());
            if (!made.place().isEmpty()) {
              places.add(handle, source.id(), made.place());
            }
            append(handle, source, "added", caller.user());
            return view(handle, source);
          });
    } catch (RuntimeException e) {
      dropAgain(name, made.settings());
      throw e;
    }
    wake.run();
    return added;
  }

  private void requireFree(Handle handle, String name, SourceSettings settings) {
    if (store.find(handle, name).isPresent()) {
      throw new DomainException.Conflict(
          "source %s is there already, expected another name".formatted(name));
    }
    List<StoredSource> others = store.all(handle);
    if (others.size() >= MOST) {
      throw new DomainException.Invalid(
          "there are %d sources, expected at most %d".formatted(others.size(), MOST));
    }
    for (StoredSource other : others) {
      for (String subject : settings.subjects()) {
        if (other.settings().subjects().contains(subject)) {
          throw new DomainException.Conflict(
              "subject is %s, which source %s reports already".formatted(subject, other.name()));
        }
      }
    }
  }

  private FarEnd.Made make(SourceSettings settings) {
    try {
      return farEnd.make(settings);
    } catch (StreamFailure e) {
      throw new DomainException.Invalid(e.detail());
    }
  }

  private void dropAgain(String name, SourceSettings settings) {
    try {
      farEnd.drop(settings);
    } catch (StreamFailure e) {
      LOG.log(
          Level.WARNING,
          "source {0} was not added, and what was made for it at {1} is left over: {2}",
          name,
          settings.shown(),
          e.detail());
    }
  }

  /** Looks no more, until it is resumed. */
  public SourceView pause(Caller caller, String name) {
    return set(caller, name, State.PAUSED, "paused");
  }

  /** Looks again, at once. */
  public SourceView resume(Caller caller, String name) {
    return set(caller, name, State.ACTIVE, "resumed");
  }

  private SourceView set(Caller caller, String name, State state, String what) {
    requireAdmin(caller);
    SourceView after =
        database.write(handle -> {
          StoredSource source = own(handle, name);
          if (source.state() != state) {
            store.set(handle, source, state, clock.instant());
            append(handle, source, what, caller.user());
          }
          return view(handle, own(handle, name));
        });
    wake.run();
    return after;
  }

  /**
   * Forgets a source, after what was made for it at its other end is dropped.
   *
   * @param leave whether it is forgotten even if that cannot be dropped
   * @return what is left over there; empty if nothing is
   */
  public String remove(Caller caller, String name, boolean leave) {
    requireAdmin(caller);
    StoredSource source =
        database.write(handle -> {
          StoredSource found = own(handle, name);
          // Nobody begins to read again what is about to be dropped.
          store.set(handle, found, State.PAUSED, clock.instant());
          return found;
        });
    wake.run();
    String left = "";
    try {
      farEnd.drop(source.settings());
    } catch (StreamFailure e) {
      if (!leave) {
        database.write(handle -> {
          store.set(handle, source, source.state(), clock.instant());
          return true;
        });
        wake.run();
        throw new DomainException.Conflict(
            "source %s is kept, because what was made for it cannot be dropped: %s; 'leave' forgets it all the same"
                .formatted(name, e.detail()));
      }
      left = e.detail();
    }
    database.write(handle -> {
      store.delete(handle, source);
      places.delete(handle, source.id());
      files.delete(handle, source.id());
      append(handle, source, "removed", caller.user());
      return true;
    });
    return left;
  }

  private void append(Handle handle, StoredSource source, String what, String by) {
    Fields fields =
        Fields.of(
            "name",
            source.name(),
            "subject",
            source.settings().subject(),
            "url",
            source.settings().shown());
    NewChange change = NewChange.of(source.self(), "source." + what, by);
    changes.append(handle, what.equals("removed") ? change.before(fields) : change.after(fields));
  }

  /**
   * Gives a webhook another secret; the former one counts beside it until that is ended.
   *
   * @param secret the new one; null ends the former one
   */
  public SourceView rotate(Caller caller, String name, @Nullable String secret) {
    requireAdmin(caller);
    return database.write(handle -> {
      StoredSource source = own(handle, name);
      if (!(source.settings() instanceof HookSettings hook)) {
        throw new DomainException.Conflict(
            "source %s is no webhook, expected one whose sender signs".formatted(name));
      }
      HookSettings after =
          secret == null
              ? hook.withoutFormer()
              : DomainException.valid(() -> hook.rotatedTo(secret));
      store.settle(handle, source, after);
      append(handle, source, secret == null ? "rotation-ended" : "rotated", caller.user());
      return view(handle, own(handle, name));
    });
  }

  /** Registers what an operator watches over. */
  public void addTo(Metrics metrics) {
    GaugeWithCallback.builder()
        .name("troth_watch_source_lag_seconds")
        .help("Seconds since it was last seen how the thing stands; absent if it never was.")
        .labelNames("source")
        .callback(callback ->
            views()
                .forEach(source -> {
                  Long lag = source.standing().lag();
                  if (lag != null) {
                    callback.call((double) lag, source.name());
                  }
                }))
        .register(metrics.registry());
    GaugeWithCallback.builder()
        .name("troth_watch_source_behind")
        .help("What waits at the other end of a stream, as the last look saw it.")
        .labelNames("source", "unit")
        .callback(callback ->
            views()
                .forEach(source -> {
                  StreamView stream = source.stream();
                  if (stream != null) {
                    callback.call((double) stream.behind(), source.name(), stream.unit());
                  }
                }))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_watch_source_changes_total")
        .help("Changes that a source told.")
        .labelNames("source")
        .callback(callback ->
            views()
                .forEach(
                    source -> callback.call((double) source.standing().changes(), source.name())))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_watch_source_errors_total")
        .help("How often a source could not be read.")
        .labelNames("source")
        .callback(callback ->
            views()
                .forEach(
                    source -> callback.call((double) source.standing().errors(), source.name())))
        .register(metrics.registry());
  }

  /** Looks now, writes nothing down, and says what was seen. */
  public Tested test(Caller caller, String name) {
    requireAdmin(caller);
    StoredSource source = database.read(handle -> own(handle, name));
    return switch (source.settings()) {
      case HttpSettings settings -> test(settings);
      case StreamSettings settings -> farEnd.test(settings);
      case HookSettings _ ->
          throw new DomainException.Conflict(
              "source %s is a webhook, expected its sender to send a test".formatted(name));
    };
  }

  private Tested test(HttpSettings settings) {
    return switch (http.look(settings, Validators.NONE)) {
      case Observation.Seen(Fields fields, Validators known) ->
          new Tested(
              true,
              "%d fields; the server %s"
                  .formatted(
                      fields.values().size(),
                      known.equals(Validators.NONE)
                          ? "names no version, so each look fetches all of it"
                          : "names the version, so an unchanged one is not sent again"),
              fields.values());
      case Observation.Gone _ -> new Tested(false, "there is nothing at this address", null);
      case Observation.Unchanged _ -> new Tested(false, "HTTP 304 without a condition", null);
      case Observation.Failed(String why, Duration _) -> new Tested(false, why, null);
    };
  }
}
