package dev.troth.server.endpoint;

import dev.troth.server.db.Database;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.server.endpoint.Links.Deed;
import dev.troth.server.error.DomainException;
import dev.troth.server.watch.Watches;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What the reader of a message may do by its links, without signing in: confirm an address, and
 * have no more of it. Looking at a link does nothing; programs that check mail open all of them.
 */
public final class LinkedDeeds {
  private final Database database;
  private final EndpointStore endpoints;
  private final Endpoints book;
  private final Watches watches;
  private final Links links;
  private final Clock clock;

  public LinkedDeeds(
      Database database,
      EndpointStore endpoints,
      Endpoints book,
      Watches watches,
      Links links,
      Clock clock) {
    this.database = database;
    this.endpoints = endpoints;
    this.book = book;
    this.watches = watches;
    this.links = links;
    this.clock = clock;
  }

  /**
   * What a link does, for people.
   *
   * @param button what the button that does it says; empty when there is nothing to do any more
   */
  public record Offer(String title, String detail, String button) {
    static Offer nothing(String title, String detail) {
      return new Offer(title, detail, "");
    }
  }

  /** What a link would do, if it does this kind of thing. */
  public Offer look(Class<? extends Deed> kind, String token) {
    Deed deed = deed(kind, token);
    return database.read(handle -> offer(handle, deed));
  }

  /** Does what a link does; a second time changes nothing. */
  public Offer perform(Class<? extends Deed> kind, String token) {
    Deed deed = deed(kind, token);
    return database.write(handle -> {
      if (offer(handle, deed).button().isEmpty()) {
        return done(handle, deed);
      }
      switch (deed) {
        case Deed.Confirm confirm -> book.confirmed(handle, confirm.endpoint());
        case Deed.Unsubscribe(long term, String channel) ->
            watches.leaveChannel(handle, term, channel);
        case Deed.UnsubscribeAll(String user, String channel) ->
            watches.leaveChannel(handle, user, channel);
      }
      return done(handle, deed);
    });
  }

  private Deed deed(Class<? extends Deed> kind, String token) {
    return links
        .read(token)
        .filter(kind::isInstance)
        .orElseThrow(() ->
            new DomainException.NotFound(
                "this link is not one that this platform sent, or it was cut on its way"));
  }

  private Offer offer(Handle handle, Deed deed) {
    return switch (deed) {
      case Deed.Confirm confirm -> {
        Optional<Endpoint> endpoint = unverified(handle, confirm);
        yield endpoint.isPresent() && confirm.until().isAfter(clock.instant())
            ? new Offer(
                "Confirm " + confirm.address(),
                "%s wants to receive notifications at this address. If that is not you, close this page."
                    .formatted(endpoint.get().user()),
                "Confirm")
            : done(handle, deed);
      }
      case Deed.Unsubscribe(long term, String channel) ->
          watches
              .targetOn(handle, term, channel)
              .map(target ->
                  new Offer(
                      "Stop messages about " + target,
                      "The inbox goes on to tell of it, and so do other channels.",
                      "Stop them"))
              .orElseGet(() -> done(handle, deed));
      case Deed.UnsubscribeAll(String user, String channel) ->
          watches.isOn(handle, user, channel)
              ? new Offer(
                  "Stop all messages to " + channel,
                  "No watch of %s tells there any more, not of what is urgent either. The inbox goes on to have all of it, and so do other channels."
                      .formatted(user),
                  "Stop them")
              : done(handle, deed);
    };
  }

  private Offer done(Handle handle, Deed deed) {
    return switch (deed) {
      case Deed.Confirm confirm -> {
        boolean stands =
            endpoints
                .find(handle, confirm.endpoint())
                .filter(found -> found.address().equals(confirm.address()))
                .filter(found -> found.health().state() != State.UNVERIFIED)
                .isPresent();
        yield stands
            ? Offer.nothing(
                confirm.address() + " is confirmed", "Messages to it are sent from now on.")
            : Offer.nothing(
                "This link no longer counts",
                "It is older than a day, or the address was changed or removed since."
                    + " Ask for another one where you added the address.");
      }
      case Deed.Unsubscribe _ ->
          Offer.nothing(
              "You are unsubscribed", "No more messages about it are sent to this address.");
      case Deed.UnsubscribeAll _ ->
          Offer.nothing("You are unsubscribed", "Nothing more is sent to this address.");
    };
  }

  private Optional<Endpoint> unverified(Handle handle, Deed.Confirm confirm) {
    return endpoints
        .find(handle, confirm.endpoint())
        .filter(found -> found.address().equals(confirm.address()))
        .filter(found -> found.health().state() == State.UNVERIFIED);
  }
}
