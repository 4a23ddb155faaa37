package dev.troth.server.endpoint;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.db.Database;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.watch.Watches;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import dev.troth.watch.delivery.AddressedChannel;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookSecret;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** {@code /api/endpoints}: a user's address book, with a test for each address. */
public final class EndpointRoutes implements Routes {
  private static final Pattern NAME = Pattern.compile("([a-z]+)(/[A-Za-z0-9._-]{1,64})?");

  private final Database database;
  private final EndpointStore endpoints;
  private final Watches desk;
  private final List<AddressedChannel> channels;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param channels those that have addresses; the first is meant when none is named
   */
  public EndpointRoutes(
      Database database, EndpointStore endpoints, Watches desk, List<AddressedChannel> channels) {
    this.database = database;
    this.endpoints = endpoints;
    this.desk = desk;
    this.channels = List.copyOf(channels);
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
    String user = Parameters.text(request, "user", caller.user());
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
    String name = requireNonNullElse(body.channel(), channels.getFirst().name());
    AddressedChannel channel = channel(name);
    String address = requireNonNullElse(body.address(), "");
    Parameters.valid(() -> {
      channel.checkAddress(address);
      return address;
    });
    String given = requireNonNullElse(body.secret(), "");
    WebhookSecret secret =
        given.isEmpty()
            ? WebhookSecret.generate(random)
            : Parameters.valid(() -> WebhookSecret.parse(given));
    Endpoint added =
        database.write(handle -> {
          Endpoint endpoint = endpoints.put(handle, user, name, address, secret);
          // Its owner hears in the inbox when it is disabled.
          Target own = new Target.One(endpoint.subject());
          var _ = desk.watch(handle, user, own, WatchSettings.all());
          return endpoint;
        });
    Map<String, Object> document = added.document();
    if (channel.signs()) {
      document.put("secret", secret.reveal());
    }
    Json.send(response, 201, document);
  }

  private AddressedChannel channel(String name) {
    Matcher parts = NAME.matcher(name);
    Optional<AddressedChannel> found =
        parts.matches()
            ? channels.stream().filter(one -> one.name().equals(parts.group(1))).findFirst()
            : Optional.empty();
    return found.orElseThrow(() ->
        Problem.unprocessable(
                "channel is '%s', expected %s"
                    .formatted(
                        name,
                        channels.stream()
                            .map(one -> "%1$s or %1$s/name".formatted(one.name()))
                            .collect(Collectors.joining(", "))))
            .toException());
  }

  private void remove(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Parameters.id(request);
    database.write(handle -> {
      endpoints.delete(handle, own(handle, caller, id));
      return id;
    });
    Json.send(response, Map.of("removed", id));
  }

  /** Sends a test now, outside of all queues, and says what came of it. */
  private void test(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Parameters.id(request);
    Endpoint endpoint = database.read(handle -> own(handle, caller, id));
    Outcome outcome = channel(endpoint.channel()).test(endpoint.user(), endpoint.channel());
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
    long id = Parameters.id(request);
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
    long id = Parameters.id(request);
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
