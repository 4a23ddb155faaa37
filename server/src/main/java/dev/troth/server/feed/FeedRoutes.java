package dev.troth.server.feed;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.endpoint.Links;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/**
 * {@code /api/feed}: a user's own feed; {@code /feed/TOKEN}: the feed itself, for whoever has its
 * link, since feed readers cannot log in.
 */
public final class FeedRoutes implements Routes {
  private final Feeds feeds;
  private final Links links;

  public FeedRoutes(Feeds feeds, Links links) {
    this.feeds = feeds;
    this.links = links;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/feed", this::find)
        .post("/api/feed", this::make)
        .delete("/api/feed", taking(this::remove, "user"))
        .get("/feed/{token}", this::read);
  }

  private void find(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    Json.send(
        response,
        feeds
            .of(caller)
            .orElseThrow(() ->
                new DomainException.NotFound(
                    "%s has no feed, expected a POST here before".formatted(caller.user()))));
  }

  private void make(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    Json.send(response, 201, feeds.make(caller));
  }

  private void remove(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    String user = Parameters.text(request, "user", caller.user());
    feeds.remove(caller, user);
    Json.send(response, Map.of("removed", user));
  }

  private void read(ServerRequest request, ServerResponse response) {
    String known = request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("");
    boolean isTag = known.length() > 3 && known.startsWith("W/\"") && known.endsWith("\"");
    String revision = isTag ? known.substring(3, known.length() - 1) : "";
    Feeds.Contents contents = feeds.read(request.path().pathParameters().get("token"), revision);
    response.header(HeaderNames.ETAG, "W/\"" + contents.revision() + '"');
    response.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
    response.header(HeaderNames.create("Referrer-Policy"), "no-referrer");
    response.header(HeaderNames.create("X-Robots-Tag"), "noindex");
    if (contents.revision().equals(revision)) {
      response.status(304).send();
      return;
    }
    response
        .header(HeaderNames.CONTENT_TYPE, "application/atom+xml; charset=utf-8")
        .send(AtomWriter.write(contents.feed(), contents.items(), links));
  }
}
