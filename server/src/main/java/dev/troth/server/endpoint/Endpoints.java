package dev.troth.server.endpoint;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.db.Database;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.server.error.DomainException;
import dev.troth.server.watch.Watches;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import dev.troth.watch.delivery.AddressedChannel;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A user's address book: everybody has their own, an admin may act for another user. */
public final class Endpoints {
  private static final Pattern NAME = Pattern.compile("([a-z]+)(/[A-Za-z0-9._-]{1,64})?");

  private final Database database;
  private final EndpointStore store;
  private final Watches watches;
  private final List<AddressedChannel> channels;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param channels those that have addresses; the first is meant when none is named
   */
  public Endpoints(
      Database database, EndpointStore store, Watches watches, List<AddressedChannel> channels) {
    this.database = database;
    this.store = store;
    this.watches = watches;
    this.channels = List.copyOf(channels);
  }

  /** What is asked for; what is absent is the first channel, a new secret, the caller. */
  public record EndpointRequest(
      @Nullable String channel,
      @Nullable String address,
      @Nullable String secret,
      @Nullable String user) {}

  /** What came of a test. */
  public record Tested(boolean delivered, String detail) {}

  /** A user's addresses, by channel. */
  public List<EndpointView> of(Caller caller, String user) {
    caller.requireFor(user);
    return database.read(handle -> store.of(handle, user).stream().map(EndpointView::of).toList());
  }

  /** Adds an address. The answer alone shows the secret. */
  public EndpointView add(Caller caller, EndpointRequest asked) {
    String user = requireNonNullElse(asked.user(), caller.user());
    caller.requireFor(user);
    String name = requireNonNullElse(asked.channel(), channels.getFirst().name());
    AddressedChannel channel = channel(name);
    String address = requireNonNullElse(asked.address(), "");
    WebhookSecret secret =
        DomainException.valid(() -> {
          channel.checkAddress(address);
          String given = requireNonNullElse(asked.secret(), "");
          return given.isEmpty() ? WebhookSecret.generate(random) : WebhookSecret.parse(given);
        });
    Endpoint added =
        database.write(handle -> {
          Endpoint endpoint = store.put(handle, user, name, address, secret);
          // Its owner hears in the inbox when it is disabled.
          Target own = new Target.One(endpoint.subject());
          var _ = watches.watch(handle, user, own, WatchSettings.all());
          return endpoint;
        });
    EndpointView view = EndpointView.of(added);
    return channel.signs() ? view.with(secret.reveal()) : view;
  }

  private AddressedChannel channel(String name) {
    Matcher parts = NAME.matcher(name);
    Optional<AddressedChannel> found =
        parts.matches()
            ? channels.stream().filter(one -> one.name().equals(parts.group(1))).findFirst()
            : Optional.empty();
    return found.orElseThrow(() ->
        new DomainException.Invalid(
            "channel is '%s', expected %s"
                .formatted(
                    name,
                    channels.stream()
                        .map(one -> "%1$s or %1$s/name".formatted(one.name()))
                        .collect(Collectors.joining(", ")))));
  }

  public void remove(Caller caller, long id) {
    database.write(handle -> {
      store.delete(handle, own(handle, caller, id));
      return id;
    });
  }

  /** Sends a test now, outside of all queues, and says what came of it. */
  public Tested test(Caller caller, long id) {
    Endpoint endpoint = database.read(handle -> own(handle, caller, id));
    Outcome outcome = channel(endpoint.channel()).test(endpoint.user(), endpoint.channel());
    return switch (outcome) {
      case Outcome.Delivered(String receipt) -> new Tested(true, receipt);
      case Outcome.Failed(String why, Duration _) -> new Tested(false, why);
      case Outcome.Refused(String why) -> new Tested(false, why);
      case Outcome.Gone(String why) -> new Tested(false, why);
    };
  }

  /** Takes an address that was disabled back into use. */
  public EndpointView enable(Caller caller, long id) {
    return EndpointView.of(
        database.write(handle -> {
          store.set(handle, own(handle, caller, id), State.ACTIVE, "");
          return own(handle, caller, id);
        }));
  }

  /** A new secret; until the next rotation requests are signed with both. */
  public EndpointView rotate(Caller caller, long id) {
    WebhookSecret secret = WebhookSecret.generate(random);
    Endpoint endpoint =
        database.write(handle -> {
          store.rotate(handle, own(handle, caller, id), secret);
          return own(handle, caller, id);
        });
    return EndpointView.of(endpoint).with(secret.reveal());
  }

  private Endpoint own(Handle handle, Caller caller, long id) {
    return store
        .find(handle, id)
        .filter(endpoint -> caller.mayActFor(endpoint.user()))
        .orElseThrow(
            () -> new DomainException.NotFound("endpoint %d does not exist".formatted(id)));
  }
}
