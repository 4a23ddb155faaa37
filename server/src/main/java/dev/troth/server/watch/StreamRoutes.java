package dev.troth.server.watch;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Routes;
import dev.troth.watch.Change;
import dev.troth.watch.Target;
import io.helidon.http.HeaderNames;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * {@code GET /api/stream}: server-sent events. First {@code hello}, then each change as {@code
 * change} with its sequence as id, and what the caller is told as {@code inbox}. A client that
 * comes back with {@code Last-Event-ID} goes on where it was; if that is too far back it gets
 * {@code reset} and should load afresh.
 */
final class StreamRoutes implements Routes {
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private static final Duration RECONNECT = Duration.ofSeconds(2);
  private static final int BATCH = 256;

  /** Further behind than this, loading afresh is quicker for both sides. */
  private static final long FURTHEST_BACK = 10_000;

  private final SqlChangeLog changes;
  private final InboxPulse.Source pulses;
  private final OpenStreams streams;

  StreamRoutes(SqlChangeLog changes, OpenStreams streams, InboxPulse.Source pulses) {
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
        Asked.valid(
            () -> request.query().all("target", List::of).stream().map(Target::parse).toList());
    Predicate<Change> wanted =
        change ->
            targets.isEmpty()
                || targets.stream().anyMatch(target -> target.covers(change.subject()));
    String resume = request.headers().first(HeaderNames.create("Last-Event-ID")).orElse("").strip();
    streams.enter(caller.user());
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.create("X-Accel-Buffering"), "no");
    try (SseSink sink = response.sink(SseSink.TYPE)) {
      follow(sink, caller.user(), wanted, resume);
    } catch (UncheckedIOException e) {
      // The client has gone; it will come back with the id of the last event it got.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.leave(caller.user());
    }
  }

  private void follow(SseSink sink, String user, Predicate<Change> wanted, String resume)
      throws InterruptedException {
    ChangeFeed feed = changes.feed();
    ChangeFeed.Position start = feed.position();
    long seq = start.head();
    sink.emit(
        SseEvent.builder()
            .name("hello")
            .reconnectDelay(RECONNECT)
            .data(json(Map.of("epoch", start.epoch(), "seq", seq)))
            .build());
    if (!resume.isEmpty()) {
      long from = position(resume);
      if (from < 0 || from > seq || seq - from > FURTHEST_BACK) {
        sink.emit(event("reset", Map.of("epoch", start.epoch(), "seq", seq)));
      } else {
        seq = from;
      }
    }
    InboxPulse pulse = pulses.of(user);
    long spoke = System.nanoTime();
    while (true) {
      // The position is taken before the look at the flag: a stop after it ends the wait below.
      ChangeFeed.Position seen = feed.position();
      if (streams.areStopping()) {
        return;
      }
      for (Change change : changes.after(seq, BATCH)) {
        if (wanted.test(change)) {
          emit(sink, change, pulse);
          spoke = System.nanoTime();
        }
        seq = change.seq();
      }
      pulse.recount().ifPresent(unread -> sink.emit(event("inbox", Map.of("unread", unread))));
      if (seq >= seen.head()) {
        feed.await(seen, HEARTBEAT.minusNanos(System.nanoTime() - spoke));
        if (System.nanoTime() - spoke >= HEARTBEAT.toNanos()) {
          sink.emit(SseEvent.builder().comment("still here").data(SseEvent.NO_DATA).build());
          spoke = System.nanoTime();
        }
      }
    }
  }

  private static void emit(SseSink sink, Change change, InboxPulse pulse) {
    sink.emit(
        SseEvent.builder()
            .id(Long.toString(change.seq()))
            .name("change")
            .data(json(ChangeJson.document(change)))
            .build());
    pulse
        .hear(change)
        .ifPresent(item -> {
          Map<String, Object> told = new LinkedHashMap<>();
          told.put("unread", pulse.unread());
          told.put("item", item.document());
          sink.emit(event("inbox", told));
        });
  }

  private static SseEvent event(String name, Object data) {
    return SseEvent.builder().name(name).data(json(data)).build();
  }

  private static String json(Object value) {
    return Json.mapper().writeValueAsString(value);
  }

  /** A sequence, or below zero for a text that never was an id of ours. */
  private static long position(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
