package dev.troth.server.channel;

import dev.troth.server.db.Database;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.Links;
import dev.troth.server.endpoint.PreparedChannel;
import dev.troth.watch.delivery.AddressedChannel;
import dev.troth.watch.delivery.Digest;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** A channel to addresses of the address book: who has one that takes messages is written to. */
public final class EndpointChannel implements AddressedChannel, PreparedChannel {
  private final Database database;
  private final EndpointStore endpoints;
  private final Links links;
  private final Carrier carrier;
  private final BiFunction<Handle, Notification, Wording> wording;

  /**
   * @param wording how the user of a message reads it
   */
  public EndpointChannel(
      Database database,
      EndpointStore endpoints,
      Links links,
      Carrier carrier,
      BiFunction<Handle, Notification, Wording> wording) {
    this.wording = wording;
    this.database = database;
    this.endpoints = endpoints;
    this.links = links;
    this.carrier = carrier;
  }

  @Override
  public String name() {
    return carrier.kind();
  }

  @Override
  public boolean isDirect() {
    return false;
  }

  @Override
  public Pace pace() {
    return carrier.pace();
  }

  @Override
  public void checkAddress(String address) {
    carrier.checkAddress(address);
  }

  @Override
  public boolean signs() {
    return carrier.signs();
  }

  @Override
  public boolean confirms() {
    return carrier.confirms();
  }

  @Override
  public String shown(String address) {
    return carrier.shown(address);
  }

  @Override
  public Outcome confirm(String user, String name, URI link, Instant until) {
    return find(user, name)
        .map(endpoint ->
            carrier.send(endpoint, new Letter.Confirmation(unique("confirm"), user, link, until)))
        .orElseGet(() -> nowhere(user, name));
  }

  @Override
  public Outcome test(String user, String name) {
    Optional<Endpoint> endpoint = find(user, name);
    if (endpoint.isEmpty()) {
      return nowhere(user, name);
    }
    // A test of one that is disabled shows whether it works again.
    return endpoint.get().health().state() == EndpointStore.State.UNVERIFIED
        ? unverified(endpoint.get())
        : carrier.send(endpoint.get(), new Letter.Test(unique("test")));
  }

  @Override
  public Outcome deliver(Notification notification) {
    return database.read(handle -> prepare(handle, notification)).get();
  }

  @Override
  public Supplier<Outcome> prepare(Handle handle, Notification notification) {
    String user = notification.watch().user();
    Letter letter = new Letter.Told(notification, links, wording.apply(handle, notification));
    return prepare(handle, user, notification.channel(), letter);
  }

  @Override
  public boolean digests() {
    return carrier.digests();
  }

  @Override
  public Outcome deliver(Digest digest) {
    return database
        .read(handle -> {
          Wording words = wording.apply(handle, digest.notifications().getFirst());
          Letter letter = new Letter.Several(digest, links, words);
          return prepare(handle, digest.user(), digest.channel(), letter);
        })
        .get();
  }

  private Supplier<Outcome> prepare(Handle handle, String user, String name, Letter letter) {
    Optional<Endpoint> found = endpoints.find(handle, user, name);
    if (found.isEmpty()) {
      return () -> nowhere(user, name);
    }
    Endpoint endpoint = found.get();
    return switch (endpoint.health().state()) {
      case DISABLED -> () -> new Outcome.Refused("disabled: " + endpoint.health().note());
      case UNVERIFIED -> () -> unverified(endpoint);
      case ACTIVE -> () -> carrier.send(endpoint, letter);
    };
  }

  private Optional<Endpoint> find(String user, String name) {
    return database.read(handle -> endpoints.find(handle, user, name));
  }

  private static Outcome nowhere(String user, String name) {
    return new Outcome.Refused("%s has no address for %s".formatted(user, name));
  }

  private static Outcome unverified(Endpoint endpoint) {
    return new Outcome.Refused(
        "the address of %s for %s is unverified: its reader has not confirmed it yet"
            .formatted(endpoint.user(), endpoint.channel()));
  }

  private static NotificationKey unique(String what) {
    return new NotificationKey("ntf_%s_%s".formatted(what, UUID.randomUUID()));
  }
}
