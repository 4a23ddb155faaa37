package dev.troth.server.stream;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Right;
import dev.troth.server.auth.Role;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import dev.troth.watch.change.Target;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * {@code GET /api/stream}: server-sent events. First {@code hello}; then each change that the
 * caller may read as {@code change} with its sequence as id, what the caller is told as {@code
 * inbox}, and the topics of what moved as {@code moved}. A client that comes back with {@code
 * Last-Event-ID} goes on where it was; if that is too far back it gets {@code reset} and should
 * load afresh. The stream ends with the right that opened it.
 *
 * <p>{@code ?events=moved} sends {@code moved} alone, and {@code beat} every few seconds, so that a
 * page knows when it has lost the platform.
 */
public final class StreamRoutes implements Routes {
  private static final HeaderName LAST_EVENT = HeaderNames.create("Last-Event-ID");

  private final Followed followed;
  private final OpenStreams streams;
  private final WrittenChanges written = new WrittenChanges();

  public StreamRoutes(Followed followed, OpenStreams streams) {
    this.followed = followed;
    this.streams = streams;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.get("/api/stream", taking(this::stream, "target", "events").repeating("target"));
  }

  private void stream(ServerRequest request, ServerResponse response) {
    String user = Callers.require(request, Role.READER).user();
    Right right = Callers.right(request);
    List<Target> targets =
        Parameters.valid(
            () -> request.query().all("target", List::of).stream().map(Target::parse).toList());
    Following.Kind kind =
        Parameters.valid(() -> Following.Kind.parse(Parameters.text(request, "events", "all")));
    String resume = request.headers().first(LAST_EVENT).orElse("").strip();
    streams.enter(user);
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.header(HeaderNames.create("X-Accel-Buffering"), "no");
    try (OutputStream out = response.outputStream()) {
      Following following =
          new Following(
              followed, written, new EventStream(out), right, new Following.Wanted(kind, targets));
      following.begin(resume);
      // The position is taken before the look at the flags: what ends the stream after it wakes it.
      ChangeFeed.Position seen = following.position();
      while (following.mayGoOn() && !streams.areStopping()) {
        following.tell();
        following.await(seen);
        seen = following.position();
      }
    } catch (IOException | UncheckedIOException e) {
      // The client has gone; it will come back with the id of the last event it got.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      streams.leave(user);
    }
  }
}
