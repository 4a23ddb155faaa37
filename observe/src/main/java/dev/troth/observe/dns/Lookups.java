package dev.troth.observe.dns;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The questions that are not answered yet. An answer belongs to the question with its number and
 * its text on the same socket, or to none. Not thread-safe.
 *
 * @param <T> whom a socket belongs to
 */
public final class Lookups<T> {
  /** An error where no answer came. */
  public static final String TIMEOUT = "timeout";

  /** How long after it was last asked an answer is waited for. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  /** How many are remembered; beyond that the eldest is given up. */
  private static final int MOST = 8_192;

  /** Who is told of lookups. */
  public interface Listener<T> {
    void began(T on, Exchange exchange);

    void ended(T on, Exchange exchange);

    void abandoned(T on, Exchange exchange);
  }

  private record Key(long socket, Role role, int id) {}

  /** One question, and each time it was asked that may be a lookup of its own. */
  private static final class Open<T> {
    private final Key key;
    private final T on;
    private final Question question;
    private final List<Exchange> exchanges = new ArrayList<>(1);
    private Facts.Dns facts;
    private long last;

    Open(Key key, T on, Question question, Facts.Dns facts) {
      this.key = key;
      this.on = on;
      this.question = question;
      this.facts = facts;
    }
  }

  private final String transport;
  private final Listener<T> listener;
  private final Map<Key, List<Open<T>>> byKey = new HashMap<>();

  /** The longest waiting first. */
  private final Set<Open<T>> waiting = new LinkedHashSet<>();

  /**
   * @param transport as {@code network.transport} has it: udp or tcp
   */
  public Lookups(String transport, Listener<T> listener) {
    this.transport = transport;
    this.listener = listener;
  }

  /** How many questions wait for their answer. */
  public int open() {
    return waiting.size();
  }

  /**
   * A question passed.
   *
   * @param peer who was asked, empty if that is not known yet
   */
  public void asked(
      long socket, T on, Role role, Message message, Place place, Optional<Facts.Peer> peer) {
    Question question = message.question().orElse(null);
    if (question == null) {
      return;
    }
    Key key = new Key(socket, role, message.id());
    Open<T> open = find(key, question);
    if (open == null) {
      open = new Open<>(key, on, question, facts(question, peer));
      byKey.computeIfAbsent(key, unknown -> new ArrayList<>(1)).add(open);
      begin(open, role, place);
    } else if (role == Role.CLIENT && transport.equals("udp")) {
      waiting.remove(open);
      open.facts = open.facts.askedAgain(peer);
      open.exchanges.getFirst().learned(open.facts);
    } else {
      waiting.remove(open);
      begin(open, role, place); // it may be another's
    }
    open.last = place.time();
    waiting.add(open);
    if (waiting.size() > MOST) {
      abandon(waiting.iterator().next());
    }
  }

  private void begin(Open<T> open, Role role, Place place) {
    Exchange exchange = new Exchange(role, place, open.facts, null);
    open.exchanges.add(exchange);
    listener.began(open.on, exchange);
  }

  private Facts.Dns facts(Question question, Optional<Facts.Peer> peer) {
    return new Facts.Dns(
        question.name(), question.typeText(), transport, peer, 1, Facts.Dns.NO_ANSWER);
  }

  /**
   * An answer passed.
   *
   * @param peer who was answered, empty if it is the watched process
   */
  public void answered(
      long socket, Role role, Message message, Place place, Optional<Facts.Peer> peer) {
    Key key = new Key(socket, role, message.id());
    Open<T> open = message.question().map(question -> find(key, question)).orElse(null);
    if (message.question().isEmpty()) {
      List<Open<T>> all = byKey.getOrDefault(key, List.of());
      open = all.size() == 1 ? all.getFirst() : null;
    }
    if (open == null) {
      return; // answered before, or asked before the agent
    }
    if (open.exchanges.size() > 1) {
      abandon(open); // which of them was answered is not certain
      return;
    }
    remove(open);
    Exchange exchange = open.exchanges.getFirst();
    String code = Message.codeText(message.code());
    Facts.Dns facts =
        open.facts.answered(
            new Facts.Dns.Answer(message.addresses(), code, message.truncated()), peer);
    exchange.responded(facts, place);
    exchange.ended(Exchange.Outcome.COMPLETE, place.time(), 0);
    listener.ended(open.on, exchange);
  }

  /** Tells of what was asked too long ago. */
  public void tick(long now) {
    while (!waiting.isEmpty()) {
      Open<T> eldest = waiting.iterator().next();
      if (now - eldest.last < PATIENCE_NANOS) {
        return;
      }
      end(eldest, TIMEOUT, eldest.last);
    }
  }

  /** No answer can come any more to those on these sockets. */
  public void ended(Predicate<T> whose, String error, long time) {
    List<Open<T>> all = waiting.stream().filter(open -> whose.test(open.on)).toList();
    all.forEach(open -> end(open, error, Math.max(time, open.last)));
  }

  /** Gives all of them up. */
  public void giveUp() {
    List.copyOf(waiting).forEach(this::abandon);
  }

  private void end(Open<T> open, String error, long time) {
    remove(open);
    for (Exchange exchange : open.exchanges) {
      exchange.learned(open.facts.failed(error));
      exchange.ended(Exchange.Outcome.ABORTED, Math.max(time, exchange.start()), 0);
      listener.ended(open.on, exchange);
    }
  }

  private void abandon(Open<T> open) {
    remove(open);
    open.exchanges.forEach(exchange -> listener.abandoned(open.on, exchange));
  }

  private void remove(Open<T> open) {
    waiting.remove(open);
    List<Open<T>> same = byKey.getOrDefault(open.key, List.of());
    for (Iterator<Open<T>> all = same.iterator(); all.hasNext(); ) {
      if (all.next() == open) {
        all.remove();
      }
    }
    if (same.isEmpty()) {
      byKey.remove(open.key);
    }
  }

  private @Nullable Open<T> find(Key key, Question question) {
    for (Open<T> open : byKey.getOrDefault(key, List.of())) {
      if (open.question.isSame(question)) {
        return open;
      }
    }
    return null;
  }
}
