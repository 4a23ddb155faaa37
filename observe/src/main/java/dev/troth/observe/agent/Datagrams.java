package dev.troth.observe.agent;

import dev.troth.observe.capture.Event;
import dev.troth.observe.capture.EventKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.dns.Lookups;
import dev.troth.observe.dns.Message;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Connection;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.span.Ends;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of the targets: questions of DNS and their answers become lookups, all else is counted
 * and named once for each socket. Not thread-safe.
 */
final class Datagrams implements Lookups.Listener<Connection> {
  /** Ports of questions that are put to everybody nearby, not to a server. */
  private static final int NETBIOS = 137;

  private static final int MULTICAST_DNS = 5353;
  private static final int LINK_LOCAL = 5355;

  /** How many sockets are remembered as not read. */
  private static final int MOST_UNREAD = 4_096;

  private final IntFunction<@Nullable Target> targets;
  private final Correlation correlation;
  private final UnseenLedger unseen;
  private final Lookups<Connection> lookups = new Lookups<>("udp", this);
  private final Map<Long, Boolean> unread =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
          return size() > MOST_UNREAD;
        }
      };
  private long now;
  private long requests;
  private long abandoned;

  Datagrams(IntFunction<@Nullable Target> targets, Correlation correlation, UnseenLedger unseen) {
    this.targets = targets;
    this.correlation = correlation;
    this.unseen = unseen;
  }

  /** The questions that were seen. */
  long requests() {
    return requests;
  }

  /** Those of which is not certain how they were answered. */
  long abandoned() {
    return abandoned;
  }

  void event(Event event) {
    now = Math.max(now, event.time());
    Target target = targets.apply(event.process());
    if (target == null) {
      unseen.stranger(event.process(), event.time());
      return;
    }
    Ends ends = Segments.ends(event);
    Optional<Message> read = Message.read(event.bytes, 0, event.captured());
    if (read.isEmpty() || isNearby(ends)) {
      unread(event, target, ends);
      return;
    }
    Message message = read.get();
    boolean received = event.kind() == EventKind.DATAGRAM_RECEIVED;
    Role role = received == message.response() ? Role.CLIENT : Role.SERVER;
    Optional<Facts.Peer> peer =
        ends.remotePort() == 0
            ? Optional.empty()
            : Optional.of(new Facts.Peer(ends.remote().text(), ends.remotePort()));
    Place place = new Place(0, 0, event.time(), event.thread(), event.blocking());
    if (message.response()) {
      lookups.answered(event.cookie(), role, message, place, peer);
    } else {
      Connection on = Connection.ofDatagrams(target, event.cookie(), ends);
      lookups.asked(event.cookie(), on, role, message, place, peer);
    }
  }

  private static boolean isNearby(Ends ends) {
    return isNearby(ends.localPort()) || isNearby(ends.remotePort());
  }

  private static boolean isNearby(int port) {
    return port == NETBIOS || port == MULTICAST_DNS || port == LINK_LOCAL;
  }

  private void unread(Event event, Target target, Ends ends) {
    if (event.captured() > 0 && unread.put(event.cookie(), true) == null) {
      unseen.connection(
          Connection.ofDatagrams(target, event.cookie(), ends),
          Strangers.datagram(event.bytes, event.captured()));
    }
  }

  /** Ends what waits too long for its answer. */
  void tick(long time) {
    now = Math.max(now, time);
    lookups.tick(now);
  }

  /** The process has ended, and nobody waits for its answers any more. */
  void gone(Target target) {
    lookups.ended(on -> on.target().equals(target), Lookups.TIMEOUT, 0);
  }

  @Override
  public void began(Connection on, Exchange exchange) {
    requests++;
    unseen.request(on, "DNS");
    correlation.began(on, exchange, null);
  }

  @Override
  public void ended(Connection on, Exchange exchange) {
    correlation.ended(exchange, now);
  }

  @Override
  public void abandoned(Connection on, Exchange exchange) {
    abandoned++;
    unseen.abandoned(on.target());
    correlation.abandoned(exchange);
  }
}
