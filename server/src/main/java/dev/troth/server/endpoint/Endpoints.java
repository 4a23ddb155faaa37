package dev.troth.server.endpoint;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.db.Database;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.server.error.DomainException;
import dev.troth.server.limit.RequestRates;
import dev.troth.server.watch.Watches;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Target;
import dev.troth.watch.delivery.AddressedChannel;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookSecret;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A user's address book: everybody has their own, an admin may act for another user. */
public final class Endpoints {

  /** How long a link that confirms counts. */
  private static final Duration CONFIRM_WITHIN = Duration.ofHours(24);

  /** Confirmations that one user may have sent, to whichever addresses. */
  private static final RequestRates.Rate BY_USER = new RequestRates.Rate(10.0 / 3_600, 5);

  /** Those of them that may go to one address: less than it takes from everybody. */
  private static final RequestRates.Rate BY_USER_TO_ONE = new RequestRates.Rate(4.0 / 3_600, 3);

  /** Confirmations that one address may be sent, whoever asks. */
  private static final RequestRates.Rate TO_ONE = new RequestRates.Rate(20.0 / 3_600, 10);

  /** The one that a user may have sent to an address although others used up what it takes. */
  private static final RequestRates.Rate IN_ANY_CASE = new RequestRates.Rate(1.0 / 86_400, 1);

  private final Database database;
  private final EndpointStore store;
  private final Watches watches;
  private final Ground ground;
  private final List<AddressedChannel> channels;
  private final BiConsumer<Handle, Endpoint> released;
  private final SecureRandom random = new SecureRandom();
  private final RequestRates confirmations;

  /**
   * What it stands on, besides the database.
   *
   * @param reached told, in the same transaction, of a user who is reached elsewhere by now
   */
  public record Ground(
      ChangeLog<Handle> changes, Links links, Clock clock, BiConsumer<Handle, String> reached) {}

  /**
   * @param channels those that have addresses; the first is meant when none is named
   * @param released told, in the same transaction, of an address that is taken back into use
   */
  public Endpoints(
      Database database,
      EndpointStore store,
      Watches watches,
      Ground ground,
      List<AddressedChannel> channels,
      BiConsumer<Handle, Endpoint> released) {
    this.database = database;
    this.store = store;
    this.watches = watches;
    this.ground = ground;
    this.channels = List.copyOf(channels);
    this.released = released;
    this.confirmations = new RequestRates(ground.clock(), 10_000);
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
    return database.read(handle -> store.of(handle, user).stream().map(this::view).toList());
  }

  /** Whether what a channel sends is signed with a secret. */
  public boolean signs(String channel) {
    return find(channel).filter(AddressedChannel::signs).isPresent();
  }

  /** The text of a secret that nobody has yet. */
  public String newSecret() {
    return WebhookSecret.generate(random).reveal();
  }

  /** The channels that have addresses, by name. */
  public List<String> kinds() {
    return channels.stream().map(AddressedChannel::name).toList();
  }

  /**
   * Adds an address. The answer alone shows the secret. Where messages could reach somebody else,
   * the address takes nothing before its reader has confirmed it.
   */
  public EndpointView add(Caller caller, EndpointRequest asked) {
    String user = requireNonNullElse(asked.user(), caller.user());
    caller.requireFor(user);
    String name = requireNonNullElse(asked.channel(), channels.getFirst().name());
    AddressedChannel channel = channel(name);
    String address = requireNonNullElse(asked.address(), "").strip();
    WebhookSecret secret =
        DomainException.valid(() -> {
          channel.checkAddress(address);
          return secret(channel, requireNonNullElse(asked.secret(), ""));
        });
    boolean confirmed = database.read(handle -> isConfirmed(handle, user, name, address));
    State state = channel.confirms() && !confirmed ? State.UNVERIFIED : State.ACTIVE;
    if (state == State.UNVERIFIED) {
      countConfirmation(caller, address);
    }
    Endpoint added =
        database.write(handle -> {
          Endpoint endpoint =
              store.put(handle, new EndpointStore.Entry(user, name, address, secret, state));
          append(handle, endpoint, "added", caller.user());
          // Its owner hears in the inbox when it is disabled.
          Target own = new Target.One(endpoint.subject());
          var _ = watches.watch(handle, user, own, WatchSettings.all());
          ground.reached().accept(handle, user);
          return endpoint;
        });
    if (added.health().state() == State.UNVERIFIED) {
      added = askToConfirm(channel, added);
    }
    EndpointView view = view(added);
    return channel.signs() ? view.with(secret.reveal()) : view;
  }

  private WebhookSecret secret(AddressedChannel channel, String given) {
    if (given.isEmpty()) {
      return WebhookSecret.generate(random);
    }
    if (!channel.signs()) {
      throw new IllegalArgumentException(
          "secret is given, expected none: what %s sends is not signed".formatted(channel.name()));
    }
    return WebhookSecret.parse(given);
  }

  /** Sends the link that confirms an address once more. */
  public EndpointView confirm(Caller caller, long id) {
    Endpoint endpoint = database.read(handle -> own(handle, caller, id));
    if (endpoint.health().state() != State.UNVERIFIED) {
      throw new DomainException.Conflict(
          "endpoint %d is %s, expected unverified".formatted(id, endpoint.health().state()));
    }
    countConfirmation(caller, endpoint.address());
    return view(askToConfirm(channel(endpoint.channel()), endpoint));
  }

  /** Whether the user has this very address there, and its reader confirmed it. */
  private boolean isConfirmed(Handle handle, String user, String name, String address) {
    return store
        .find(handle, user, name)
        .filter(before -> before.address().equals(address))
        .filter(before -> before.health().state() != State.UNVERIFIED)
        .isPresent();
  }

  /**
   * Refuses a confirmation too many before anything else is done. What others had sent to an
   * address keeps nobody from their first link of a day: whose address it is only its reader knows.
   */
  private void countConfirmation(Caller caller, String address) {
    String user = caller.user();
    // Mail knows no case, so neither does the count.
    String mailbox = address.toLowerCase(Locale.ROOT);
    String pair = "%s %s".formatted(mailbox, user);
    refuseBeyond(BY_USER, "by " + user, "by " + user);
    refuseBeyond(BY_USER_TO_ONE, "pair " + pair, "by %s to %s".formatted(user, mailbox));
    boolean inAnyCase = confirmations.take("first " + pair, IN_ANY_CASE).isEmpty();
    if (inAnyCase) {
      var _ = confirmations.take("to " + mailbox, TO_ONE);
    } else {
      refuseBeyond(TO_ONE, "to " + mailbox, "to " + mailbox);
    }
  }

  private void refuseBeyond(RequestRates.Rate rate, String counted, String words) {
    if (confirmations.take(counted, rate).isPresent()) {
      throw new DomainException.TooMany(
          "%.0f confirmations in a row were asked for %s, expected at most %.0f an hour"
              .formatted(rate.burst(), words, rate.perSecond() * 3_600));
    }
  }

  /** Asks now, so that whoever added the address learns at once when that fails. */
  private Endpoint askToConfirm(AddressedChannel channel, Endpoint endpoint) {
    Instant until = ground.clock().instant().plus(CONFIRM_WITHIN);
    URI link = ground.links().to(new Links.Deed.Confirm(endpoint.id(), endpoint.address(), until));
    Outcome outcome = channel.confirm(endpoint.user(), endpoint.channel(), link, until);
    String note =
        switch (outcome) {
          case Outcome.Delivered _ -> "a link was sent there: nothing else is before it is opened";
          case Outcome.Failed(String why, Duration _) -> "no link could be sent there: " + why;
          case Outcome.Refused(String why) -> "no link could be sent there: " + why;
          case Outcome.Gone(String why) -> "no link could be sent there: " + why;
        };
    return database.write(handle -> {
      Optional<Endpoint> now = store.find(handle, endpoint.id());
      if (now.isPresent() && now.get().health().state() == State.UNVERIFIED) {
        store.set(handle, endpoint, State.UNVERIFIED, note);
      }
      return store.find(handle, endpoint.id()).orElse(endpoint);
    });
  }

  /** Takes an address into use that its reader has confirmed. */
  void confirmed(Handle handle, long id) {
    store
        .find(handle, id)
        .filter(found -> found.health().state() == State.UNVERIFIED)
        .ifPresent(found -> {
          store.set(handle, found, State.ACTIVE, "");
          append(handle, found, "confirmed", found.user());
        });
  }

  private void append(Handle handle, Endpoint endpoint, String what, String by) {
    var _ =
        ground
            .changes()
            .append(
                handle,
                NewChange.of(endpoint.subject(), "endpoint." + what, by)
                    .after(Fields.of("name", endpoint.channel(), "user", endpoint.user())));
  }

  private EndpointView view(Endpoint endpoint) {
    // An address outlives the setting of its channel; then nobody knows what of it may be shown.
    String shown =
        find(endpoint.channel()).map(channel -> channel.shown(endpoint.address())).orElse("…");
    return EndpointView.of(endpoint, shown);
  }

  private Optional<AddressedChannel> find(String name) {
    Matcher parts = AddressedChannel.NAME.matcher(name);
    return parts.matches()
        ? channels.stream().filter(one -> one.name().equals(parts.group(1))).findFirst()
        : Optional.empty();
  }

  private AddressedChannel channel(String name) {
    return find(name)
        .orElseThrow(() ->
            new DomainException.Invalid(
                "channel is '%s', expected %s (a name is 1 to 64 letters, digits, . _ -)"
                    .formatted(
                        name,
                        channels.stream()
                            .map(one -> "%1$s or %1$s/name".formatted(one.name()))
                            .collect(Collectors.joining(", ")))));
  }

  public void remove(Caller caller, long id) {
    database.write(handle -> {
      Endpoint endpoint = own(handle, caller, id);
      append(handle, endpoint, "removed", caller.user());
      store.delete(handle, endpoint);
      ground.reached().accept(handle, endpoint.user());
      return id;
    });
  }

  /** Sends a test now, outside of all queues, and says what came of it. */
  public Tested test(Caller caller, long id) {
    Endpoint endpoint = database.read(handle -> own(handle, caller, id));
    Outcome outcome = channel(endpoint.channel()).test(endpoint.user(), endpoint.channel());
    Tested tested =
        switch (outcome) {
          case Outcome.Delivered(String receipt) -> new Tested(true, receipt);
          case Outcome.Failed(String why, Duration _) -> new Tested(false, why);
          case Outcome.Refused(String why) -> new Tested(false, why);
          case Outcome.Gone(String why) -> new Tested(false, why);
        };
    String note = "test %s: %s".formatted(tested.delivered() ? "sent" : "failed", tested.detail());
    return database.write(handle -> {
      store.note(handle, endpoint, note);
      return tested;
    });
  }

  /** Takes an address that was disabled back into use. */
  public EndpointView enable(Caller caller, long id) {
    return view(
        database.write(handle -> {
          if (own(handle, caller, id).health().state() == State.UNVERIFIED) {
            throw new DomainException.Conflict(
                "endpoint %d is unverified, expected its reader to confirm it first".formatted(id));
          }
          store.set(handle, own(handle, caller, id), State.ACTIVE, "");
          Endpoint enabled = own(handle, caller, id);
          append(handle, enabled, "enabled", caller.user());
          released.accept(handle, enabled);
          return enabled;
        }));
  }

  /** A new secret; until the next rotation requests are signed with both. */
  public EndpointView rotate(Caller caller, long id) {
    WebhookSecret secret = WebhookSecret.generate(random);
    Endpoint endpoint =
        database.write(handle -> {
          Endpoint standing = own(handle, caller, id);
          if (!channel(standing.channel()).signs()) {
            throw new DomainException.Conflict(
                "what %s sends is not signed, expected an endpoint with a secret"
                    .formatted(standing.channel()));
          }
          store.rotate(handle, standing, secret);
          return own(handle, caller, id);
        });
    return view(endpoint).with(secret.reveal());
  }

  private Endpoint own(Handle handle, Caller caller, long id) {
    return store
        .find(handle, id)
        .filter(endpoint -> caller.mayActFor(endpoint.user()))
        .orElseThrow(
            () -> new DomainException.NotFound("endpoint %d does not exist".formatted(id)));
  }
}
