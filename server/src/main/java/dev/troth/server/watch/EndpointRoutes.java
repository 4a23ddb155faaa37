package dev.troth.server.watch;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.db.Database;
import dev.troth.server.http.Asked;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.watch.EndpointStore.Endpoint;
import dev.troth.server.watch.EndpointStore.State;
import dev.troth.watch.Target;
import dev.troth.watch.Wish;
import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookSecret;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@code /api/endpoints}: a user's address book, with a test for each address. */
final class EndpointRoutes implements Routes {
  private static final Pattern NAME = Pattern.compile("webhook(/[A-Za-z0-9._-]{1,64})?");

  private final Database database;
  private final EndpointStore endpoints;
  private final WatchDesk desk;
  private final WebhookChannel webhooks;
  private final SecureRandom random = new SecureRandom();

  EndpointRoutes(
      Database database, EndpointStore endpoints, WatchDesk desk, WebhookChannel webhooks) {
    this.database = database;
    this.endpoints = endpoints;
    this.desk = desk;
    this.webhooks = webhooks;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/endpoints", this::list)
        .post("/api/endpoints", this::add)
        .delete("/api/endpoints/{id}", this::remove)
        .post("/api/endpoints/{id}/test", this::test)
        .post("/api/endpoints/{id}/enable", this::enable)
        .post("/api/endpoints/{id}/rotate", this::rotate);
  }

  private record Body(
      @Nullable String channel,
      @Nullable String address,
      @Nullable String secret,
      @Nullable String user) {}

  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = Asked.text(request, "user", caller.user());
    var _ = Callers.requireFor(request, user);
    List<Endpoint> found = database.read(handle -> endpoints.of(handle, user));
    Json.send(response, Map.of("items", found.stream().map(Endpoint::document).toList()));
  }

  /** Adds an address. The answer alone shows the secret. */
  private void add(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Body body = Json.read(request, Body.class);
    String user = requireNonNullElse(body.user(), caller.user());
    var _ = Callers.requireFor(request, user);
    String channel = requireNonNullElse(body.channel(), WebhookChannel.KIND);
    if (!NAME.matcher(channel).matches()) {
      throw Problem.unprocessable(
              "channel is '%s', expected webhook or webhook/name".formatted(channel))
          .toException();
    }
    String address = address(requireNonNullElse(body.address(), ""));
    String given = requireNonNullElse(body.secret(), "");
    WebhookSecret secret =
        given.isEmpty()
            ? WebhookSecret.generate(random)
            : Asked.valid(() -> WebhookSecret.parse(given));
    Endpoint added =
        database.write(handle -> {
          Endpoint endpoint = endpoints.put(handle, user, channel, address, secret);
          // Its owner hears in the inbox when it is disabled.
          Target own = new Target.One(Receivers.subjectOf(endpoint));
          var _ = desk.watch(handle, user, own, Wish.all());
          return endpoint;
        });
    Map<String, Object> document = added.document();
    document.put("secret", secret.reveal());
    Json.send(response, 201, document);
  }

  private static String address(String text) {
    try {
      URI address = URI.create(text);
      String scheme = String.valueOf(address.getScheme());
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (web && address.getHost() != null && address.getUserInfo() == null) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as an address of another kind is.
    }
    throw Problem.unprocessable(
            "address is '%s', expected http(s)://host/path without a user".formatted(text))
        .toException();
  }

  private void remove(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Asked.id(request);
    database.write(handle -> {
      endpoints.delete(handle, own(handle, caller, id));
      return id;
    });
    Json.send(response, Map.of("removed", id));
  }

  /** Sends a test now, outside of all queues, and says what came of it. */
  private void test(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Asked.id(request);
    Endpoint endpoint = database.read(handle -> own(handle, caller, id));
    String body = "{\"type\":\"endpoint.test\",\"data\":{\"title\":\"A test from Troth\"}}";
    Outcome outcome =
        webhooks.send(endpoint, new NotificationKey("ntf_test_" + UUID.randomUUID()), body);
    switch (outcome) {
      case Outcome.Delivered(String receipt) ->
          Json.send(response, Map.of("delivered", true, "detail", receipt));
      case Outcome.Failed(String why, Duration _) -> notDelivered(response, why);
      case Outcome.Refused(String why) -> notDelivered(response, why);
      case Outcome.Gone(String why) -> notDelivered(response, why);
    }
  }

  private static void notDelivered(ServerResponse response, String why) {
    Json.send(response, Map.of("delivered", false, "detail", why));
  }

  private void enable(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Asked.id(request);
    Endpoint endpoint =
        database.write(handle -> {
          endpoints.set(handle, own(handle, caller, id), State.ACTIVE, "");
          return own(handle, caller, id);
        });
    Json.send(response, endpoint.document());
  }

  /** A new secret; until the next rotation requests are signed with both. */
  private void rotate(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Asked.id(request);
    WebhookSecret secret = WebhookSecret.generate(random);
    Endpoint endpoint =
        database.write(handle -> {
          endpoints.rotate(handle, own(handle, caller, id), secret);
          return own(handle, caller, id);
        });
    Map<String, Object> document = endpoint.document();
    document.put("secret", secret.reveal());
    Json.send(response, document);
  }

  private Endpoint own(Handle handle, Caller caller, long id) {
    return endpoints
        .find(handle, id)
        .filter(endpoint -> caller.mayActFor(endpoint.user()))
        .orElseThrow(
            () -> Problem.notFound("endpoint %d does not exist".formatted(id)).toException());
  }
}
