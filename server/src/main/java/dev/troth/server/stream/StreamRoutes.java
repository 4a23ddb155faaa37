package dev.troth.server.stream;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.ChangeJson;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import dev.troth.server.inbox.InboxItem;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Target;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * {@code GET /api/stream}: server-sent events. First {@code hello}, then each change as {@code
 * change} with its position as id, and what the caller is told as {@code inbox}. A client that
 * comes back with {@code Last-Event-ID} goes on where it was; if that is too far back, or of another log, it gets
 * {@code reset} and should load afresh.
 */
public final class StreamRoutes implements Routes {
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final HeaderName LAST_EVENT = HeaderNames.create("Last-Event-ID");
  private static final Duration RECONNECT = Duration.ofSeconds(2);
  private static final int BATCH = 128;

  /** Further behind than this, loading afresh is quicker for both sides. */
  private static final long FURTHEST_BACK = 10_000;

  private final SqliteChangeLog changes;
  private final InboxFollower.Source pulses;
  private final OpenStreams streams;

  public StreamRoutes(SqliteChangeLog changes, OpenStreams streams, InboxFollower.Source pulses) {
    this.changes = changes;
    this.streams = streams;
    this.pulses = pulses;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.get("/api/stream", this::stream);
  }

  private void stream(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    List<Target> targets =
        Parameters.valid(
            () -> request.query().all("target", List::of).stream().map(Target::parse).toList());
    Predicate<Change> wanted =
        change ->
            targets.isEmpty()
                || targets.stream().anyMatch(target -> target.covers(change.subject()));
    String resume = request.headers().first(LAST_EVENT).orElse("").strip();
    streams.enter(caller.user());
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.create("X-Accel-Buffering"), "no");
    try (OutputStream out = response.outputStream()) {
      follow(new EventStream(out), caller.user(), wanted, resume);
    } catch (IOException | UncheckedIOException e) {
      // The client has gone; it will come back with the id of the last event it got.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.leave(caller.user());
    }
  }

  private void follow(EventStream stream, String user, Predicate<Change> wanted, String resume)
      throws IOException, InterruptedException {
    ChangeFeed feed = changes.feed();
    long seq = begin(stream, feed.position(), resume);
    InboxFollower pulse = pulses.of(user);
    long spoke = System.nanoTime();
    while (true) {
      // The position is taken before the look at the flag: a stop after it ends the wait below.
      ChangeFeed.Position seen = feed.position();
      if (streams.areStopping()) {
        return;
      }
      for (Change change : changes.after(seq, BATCH)) {
        if (wanted.test(change)) {
          tell(stream, change, pulse);
          spoke = System.nanoTime();
        }
        seq = change.seq();
      }
      OptionalInt unread = pulse.recount();
      if (unread.isPresent()) {
        stream.event("inbox", Map.of("unread", unread.getAsInt()));
      }
      if (seq >= seen.head()) {
        feed.await(seen, HEARTBEAT.minusNanos(System.nanoTime() - spoke));
        if (System.nanoTime() - spoke >= HEARTBEAT.toNanos()) {
          stream.heartbeat();
          spoke = System.nanoTime();
        }
      }
    }
  }

  /** Says hello; returns the sequence to go on after. */
  private long begin(EventStream stream, ChangeFeed.Position start, String resume)
      throws IOException {
    Map<String, Object> here = Map.of("epoch", start.epoch(), "seq", start.head());
    stream.retry(RECONNECT);
    if (resume.isEmpty()) {
      // With an id, so that a client that is cut off before the first change misses none.
      stream.event("hello", changes.position(start.head()), here);
      return start.head();
    }
    stream.event("hello", here);
    OptionalLong from = changes.resume(resume);
    if (from.isEmpty() || start.head() - from.getAsLong() > FURTHEST_BACK) {
      stream.event("reset", changes.position(start.head()), here);
      return start.head();
    }
    return from.getAsLong();
  }

  private void tell(EventStream stream, Change change, InboxFollower pulse)
      throws IOException {
    stream.event("change", changes.position(change.seq()), ChangeJson.document(change));
    Optional<InboxItem> item = pulse.hear(change);
    if (item.isPresent()) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("unread", pulse.unread());
      told.put("item", item.get().document());
      stream.event("inbox", told);
    }
  }
}
