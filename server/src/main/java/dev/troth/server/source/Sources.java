package dev.troth.server.source;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.event.Events;
import dev.troth.server.source.StoredSource.Health;
import dev.troth.server.source.StoredSource.State;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.source.Observation;
import dev.troth.watch.source.Observation.Validators;
import dev.troth.watch.source.Sight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The sources that admins set up, and what their looks mean. What was seen is written in the
 * transaction of the change that it states, so a crash between look and commit looks again and
 * tells the same once.
 */
public final class Sources {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final int MOST = 1_000;
  private static final long USUAL_SECONDS = 60;

  /** So many failures in a row are told to whoever watches the source. */
  private static final int FAILURES_UNTIL_TOLD = 3;

  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final Database database;
  private final ChangeLog<Handle> changes;
  private final HttpSource http;
  private final Clock clock;
  private final SourceStore store = new SourceStore();
  private volatile Runnable wake = () -> {};

  Sources(Database database, ChangeLog<Handle> changes, HttpSource http, Clock clock) {
    this.database = database;
    this.changes = changes;
    this.http = http;
    this.clock = clock;
  }

  /** What is asked for; what is absent is a minute, the subject {@code http/name}, all of it. */
  public record SourceRequest(
      @Nullable String name,
      @Nullable String kind,
      @Nullable String url,
      @Nullable Long every,
      @Nullable String subject,
      @Nullable String pointer,
      @Nullable Map<String, String> headers,
      @Nullable HookRequest hook) {}

  /**
   * What is asked for besides of webhooks that come in.
   *
   * @param scheme {@code github} or {@code standard}
   * @param id where in a document the id of its subject is
   */
  public record HookRequest(
      @Nullable String scheme, @Nullable String secret, @Nullable String id) {}

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
    Instant now = clock.instant();
    return database.read(
        handle -> store.all(handle).stream().map(one -> SourceView.of(one, now)).toList());
  }

  public SourceView find(Caller caller, String name) {
    requireAdmin(caller);
    return SourceView.of(database.read(handle -> own(handle, name)), clock.instant());
  }

  private StoredSource own(Handle handle, String name) {
    return store
        .find(handle, name)
        .orElseThrow(
            () -> new DomainException.NotFound("source %s does not exist".formatted(name)));
  }

  /** Adds a source; its first look shows how the thing stands, and states no change. */
  public SourceView add(Caller caller, SourceRequest asked) {
    requireAdmin(caller);
    String name = requireNonNullElse(asked.name(), "");
    SourceSettings settings = DomainException.valid(() -> settings(name, asked));
    StoredSource added =
        database.write(handle -> {
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
            if (other.settings().subject().equals(settings.subject())) {
              throw new DomainException.Conflict(
                  "subject is %s, which source %s tells of already"
                      .formatted(settings.subject(), other.name()));
            }
          }
          StoredSource source = store.add(handle, name, settings, clock.instant());
          append(handle, source, "added", caller.user());
          return source;
        });
    wake.run();
    return SourceView.of(added, clock.instant());
  }

  private static SourceSettings settings(String name, SourceRequest asked) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is '%s', expected 1 to 64 of a-z, 0-9 and . _ -".formatted(name));
    }
    String kind = requireNonNullElse(asked.kind(), "http");
    return switch (kind) {
      case "http" -> http(name, asked);
      case "webhook" -> hook(name, asked);
      default ->
          throw new IllegalArgumentException(
              "kind is '%s', expected http or webhook".formatted(kind));
    };
  }

  private static SourceSettings hook(String name, SourceRequest asked) {
    HookRequest hook = requireNonNullElse(asked.hook(), new HookRequest(null, null, null));
    if (asked.url() != null || asked.every() != null || asked.headers() != null) {
      throw new IllegalArgumentException(
          "url, every or headers are given, expected none of them for a webhook");
    }
    HookSettings settings =
        new HookSettings(
            name,
            HookSettings.Scheme.parse(requireNonNullElse(hook.scheme(), "")),
            requireNonNullElse(hook.secret(), ""),
            requireNonNullElse(asked.subject(), "hook/" + name),
            requireNonNullElse(hook.id(), ""),
            requireNonNullElse(asked.pointer(), ""));
    Events.requireNotOurs(
        Subject.parse(settings.id().isEmpty() ? settings.subject() : settings.subject() + "/x"));
    return settings;
  }

  private static SourceSettings http(String name, SourceRequest asked) {
    if (asked.hook() != null) {
      throw new IllegalArgumentException("hook is given, expected it for a webhook alone");
    }
    HttpSettings settings =
        new HttpSettings(
            requireNonNullElse(asked.url(), ""),
            requireNonNullElse(asked.every(), USUAL_SECONDS),
            requireNonNullElse(asked.subject(), "http/" + name),
            requireNonNullElse(asked.pointer(), ""),
            requireNonNullElse(asked.headers(), Map.of()));
    Events.requireNotOurs(settings.about());
    return settings;
  }

  /** Looks no more, until it is resumed. */
  public SourceView pause(Caller caller, String name) {
    return set(caller, name, State.PAUSED, "paused");
  }

  /** Looks again, at once. */
  public SourceView resume(Caller caller, String name) {
    SourceView resumed = set(caller, name, State.ACTIVE, "resumed");
    wake.run();
    return resumed;
  }

  private SourceView set(Caller caller, String name, State state, String what) {
    requireAdmin(caller);
    StoredSource after =
        database.write(handle -> {
          StoredSource source = own(handle, name);
          if (source.state() != state) {
            store.set(handle, source, state, clock.instant());
            append(handle, source, what, caller.user());
          }
          return own(handle, name);
        });
    return SourceView.of(after, clock.instant());
  }

  public void remove(Caller caller, String name) {
    requireAdmin(caller);
    database.write(handle -> {
      StoredSource source = own(handle, name);
      store.delete(handle, source);
      append(handle, source, "removed", caller.user());
      return true;
    });
  }

  private void append(Handle handle, StoredSource source, String what, String by) {
    changes.append(
        handle,
        NewChange.of(source.self(), "source." + what, by)
            .after(
                Fields.of(
                    "name",
                    source.name(),
                    "subject",
                    source.settings().subject(),
                    "url",
                    source.settings().shown())));
  }

  /** Looks now, writes nothing down, and says what was seen. */
  public Tested test(Caller caller, String name) {
    requireAdmin(caller);
    StoredSource source = database.read(handle -> own(handle, name));
    if (!(source.settings() instanceof HttpSettings settings)) {
      throw new DomainException.Conflict(
          "source %s is a webhook, expected its sender to send a test".formatted(name));
    }
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
    Observation observation = http.look(settings, source.known());
    database.write(handle -> {
      // What was removed, paused or seen by another look meanwhile is not written over.
      store
          .find(handle, source.id())
          .filter(now -> now.state() == State.ACTIVE && now.due().equals(source.due()))
          .ifPresent(now -> settle(handle, now, settings, observation));
      return true;
    });
  }

  private void settle(
      Handle handle, StoredSource source, HttpSettings settings, Observation observation) {
    Instant now = clock.instant();
    Duration every = Duration.ofSeconds(settings.seconds());
    Health before = source.health();
    switch (observation) {
      case Observation.Failed(String why, Duration pause) -> {
        int failures = before.failures() + 1;
        if (failures == FAILURES_UNTIL_TOLD) {
          tell(handle, source, "source.failed", why);
        }
        store.looked(
            handle,
            source,
            source.sight(),
            source.known(),
            now.plus(longer(wait(every, failures), pause)),
            new Health(before.lookedAt(), failures, why, now, before.lastSeq()));
      }
      case Observation.Seen _, Observation.Gone _, Observation.Unchanged _ -> {
        Sight.Step step = source.sight().see(observation, settings.about(), source.actor());
        if (before.failures() >= FAILURES_UNTIL_TOLD) {
          tell(handle, source, "source.recovered", "");
        }
        Optional<Change> change = step.change().map(what -> changes.append(handle, what));
        store.looked(
            handle,
            source,
            step.after(),
            observation instanceof Observation.Seen(Fields _, Validators known)
                ? known
                : observation instanceof Observation.Gone ? Validators.NONE : source.known(),
            now.plus(every),
            new Health(
                now, 0, "", Instant.EPOCH, change.map(Change::seq).orElse(before.lastSeq())));
      }
    }
  }

  private void tell(Handle handle, StoredSource source, String type, String error) {
    changes.append(
        handle,
        NewChange.of(source.self(), type, "watch")
            .after(Fields.of("name", source.name(), "error", error)));
  }

  /** Twice as long at each failure, at most an hour, and never shorter than usual. */
  private static Duration wait(Duration every, int failures) {
    Duration doubled = every.multipliedBy(1L << Math.min(failures - 1, 10));
    return longer(every, doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled);
  }

  private static Duration longer(Duration one, Duration other) {
    Duration most = other.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1) : other;
    return one.compareTo(most) < 0 ? most : one;
  }
}
