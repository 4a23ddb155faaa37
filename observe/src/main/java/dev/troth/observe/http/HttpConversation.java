package dev.troth.observe.http;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 on one socket: requests one way, responses the other, in the same order.
 *
 * <p>As long as no byte is missing, the n-th final response answers the n-th request, whatever is
 * pipelined. The positions in the TCP stream tell exactly when bytes are missing. Then:
 *
 * <ul>
 *   <li>bytes missing inside a body of known length change nothing;
 *   <li>missing response bytes take along every request that had been read before they were
 *       written; of those that were read later at most one is kept, because two would mean
 *       pipelining across the gap;
 *   <li>missing request bytes may have held requests, so all open ones are given up, and only a
 *       response that begins behind the next request's own place is accepted for it;
 *   <li>a conversation that pipelines and loses requests is given up for good.
 * </ul>
 *
 * <p>A client may read a response on one thread before the event of the request, written on
 * another, has come: such a response waits for a moment.
 */
public final class HttpConversation implements Conversation {
  private static final int MOST_PENDING = 1_024;

  /** About what an open exchange takes, with its head. */
  private static final int BYTES_OF_ONE = 600;

  private final HeadParser parser;
  private final Exchanges exchanges;
  private final Deque<Asked> pending = new ArrayDeque<>(2);
  private final MessageReader requests = new MessageReader(new Requests());
  private final MessageReader responses = new MessageReader(new Responses());
  private final EarlyResponses early = new EarlyResponses();
  private @Nullable Role role;
  private @Nullable Answer current;
  private @Nullable Exchange sending;
  private int requestsExpected;
  private boolean requestsSeen;
  private int responsesExpected;

  /** How far the responses had come when no request byte had passed that was not seen. */
  private int quietSince;

  private boolean pipelined;
  private boolean strict;
  private boolean over;

  /** A response that is not complete, and how its body is framed. */
  private record Answer(Exchange exchange, Framing framing) {}

  public HttpConversation(HeadParser parser, Exchanges exchanges) {
    this.parser = parser;
    this.exchanges = exchanges;
  }

  @Override
  public void segment(Segment segment) {
    if (over) {
      return;
    }
    if (role == null && !begin(segment)) {
      return;
    }
    if (segment.direction() == role().requests()) {
      request(segment);
      if (!pending.isEmpty()) {
        readEarly();
      }
    } else if (mustWait(segment)) {
      early.add(segment);
      if (early.isOverdue(segment.time())) {
        readEarly();
      }
    } else {
      response(segment);
    }
  }

  /** The first request, or the first response, tells who is who. */
  private boolean begin(Segment segment) {
    byte[] b = segment.bytes();
    if (HttpStart.ofRequest(b, segment.captured())) {
      role = Role.ofRequest(segment.direction());
    } else if (HttpStart.ofResponse(b, segment.captured())) {
      role = Role.ofRequest(segment.direction().opposite());
    } else {
      return false;
    }
    boolean isRequest = segment.direction() == role.requests();
    requestsExpected = segment.position();
    requestsSeen = isRequest;
    responsesExpected = isRequest ? segment.opposite() : segment.position();
    strict = !segment.fresh();
    if (!isRequest) {
      // A response without its request: on a client the request's event may be on its way.
      requests.abandon();
      responses.abandon();
    }
    return true;
  }

  private Role role() {
    return java.util.Objects.requireNonNull(role);
  }

  private void request(Segment segment) {
    if (!requestsSeen) {
      requestsSeen = true;
      requestsExpected = segment.position();
    }
    int gap = gap(segment, requestsExpected, requests, HttpStart::ofRequest);
    if (gap > 0) {
      requestsMissing(segment, gap);
    }
    if (gap >= 0) {
      requestsExpected = segment.end();
      quietSince = segment.opposite();
      requests.read(segment);
    }
  }

  /**
   * How many bytes are missing before the segment. A read that meets the end of the connection
   * counts one position more than it has bytes; the kernel's program takes it away again, but for a
   * connection that was reset meanwhile. A message that begins right there has no gap before it.
   */
  private static int gap(Segment segment, int expected, MessageReader reader, Start start) {
    int gap = segment.position() - expected;
    boolean fits = reader.atBoundary() && start.begins(segment.bytes(), segment.captured());
    return gap == 1 && fits ? 0 : gap;
  }

  /** Whether bytes are the beginning of a message. */
  @FunctionalInterface
  private interface Start {
    boolean begins(byte[] bytes, int captured);
  }

  /** Request bytes are missing; if nothing was sent meanwhile, they and these were pipelined. */
  private void requestsMissing(Segment segment, int gap) {
    strict = true;
    pipelined |= quietSince == segment.opposite();
    requests.skip(gap, NO_TAIL, segment.time(), segment.position());
  }

  private void response(Segment segment) {
    int gap = gap(segment, responsesExpected, responses, HttpStart::ofResponse);
    if (gap > 0) {
      responses.skip(gap, NO_TAIL, segment.time(), segment.position());
    }
    if (gap >= 0) {
      responsesExpected = segment.end();
      if (segment.opposite() == requestsExpected) {
        quietSince = segment.end();
      }
      responses.read(segment);
    }
  }

  /** Whether a response has come for which no request is there yet, but bytes of one are. */
  private boolean mustWait(Segment segment) {
    return !early.isEmpty()
        || (role() == Role.CLIENT
            && pending.isEmpty()
            && current == null
            && (!requestsSeen || segment.opposite() - requestsExpected > 0));
  }

  private void readEarly() {
    for (Segment segment : early.take()) {
      response(segment);
    }
  }

  @Override
  public void tick(long now) {
    if (early.isOverdue(now)) {
      readEarly();
    }
  }

  @Override
  public void closed(long time, boolean wholly) {
    if (role == null || over) {
      return;
    }
    if (role == Role.CLIENT && !wholly) {
      return; // it may still read
    }
    readEarly();
    finishCurrent(time, true);
    for (Asked asked : pending) {
      asked.exchange().ended(Exchange.Outcome.ABORTED, time, 0);
      exchanges.ended(asked.exchange());
    }
    pending.clear();
    responses.abandon();
  }

  @Override
  public void giveUp() {
    finishCurrent(responses.lastByte(), false);
    abandonAll();
    over = true;
  }

  private void lose() {
    giveUp();
    exchanges.lost("HTTP/1 that pipelines, after events were lost");
  }

  @Override
  public int held() {
    return pending.size() * BYTES_OF_ONE + requests.held() + responses.held() + early.held();
  }

  private void abandonAll() {
    pending.forEach(asked -> exchanges.abandoned(asked.exchange()));
    pending.clear();
    sending = null;
  }

  /** Ends the exchange whose response is being read, where its bytes do not say that it ends. */
  private void finishCurrent(long time, boolean closed) {
    Answer answer = current;
    if (answer == null) {
      return;
    }
    current = null;
    Exchange exchange = answer.exchange;
    boolean untilClose =
        closed && responses.openEnded() && answer.framing instanceof Framing.UntilClose;
    Exchange.Outcome outcome;
    long end = responses.lastByte();
    if (untilClose) {
      outcome = Exchange.Outcome.COMPLETE;
    } else if (responses.openEnded() || !closed) {
      outcome = Exchange.Outcome.HEAD_ONLY;
      end = exchange.responseTime();
    } else {
      outcome = Exchange.Outcome.ABORTED;
      end = time;
    }
    exchange.ended(outcome, end, responses.bodyBytes());
    exchanges.ended(exchange);
  }

  private static boolean isBefore(int position, int other) {
    return position - other < 0;
  }

  private final class Requests implements MessageReader.Messages {
    @Override
    public @Nullable Framing head(byte[] bytes, int from, int to, boolean whole, Place place) {
      Optional<Head.Request> head = parser.request(bytes, from, to, whole);
      if (head.isEmpty()) {
        return null;
      }
      if (over) {
        return null;
      }
      if (responses.openEnded()) {
        // The next request proves that the response before it is complete.
        finishCurrent(place.time(), false);
        responses.abandon();
      }
      Asked asked = Asked.of(role(), head.get(), place);
      pipelined |= !pending.isEmpty() && pending.getLast().after() == place.opposite();
      pending.add(asked);
      sending = asked.exchange();
      exchanges.began(asked.exchange());
      if (pending.size() > MOST_PENDING) {
        lose();
      }
      return head.get().framing();
    }

    @Override
    public void end(long time, long bodyBytes) {
      if (sending != null) {
        sending.requestBody(bodyBytes);
        sending = null;
      }
    }

    @Override
    public void lost(int position) {
      if (pipelined) {
        lose();
        return;
      }
      strict = true;
      abandonAll();
    }

    @Override
    public void obscured(int position) {
      if (pipelined && strict) {
        lose();
      }
    }

    @Override
    public boolean begins(byte[] bytes, int captured) {
      return HttpStart.ofRequest(bytes, captured);
    }
  }

  private final class Responses implements MessageReader.Messages {
    @Override
    public @Nullable Framing head(byte[] bytes, int from, int to, boolean whole, Place place) {
      Optional<Head.Response> parsed = parser.response(bytes, from, to, whole);
      if (parsed.isEmpty()) {
        return null;
      }
      Head.Response head = parsed.get();
      Asked asked = over ? null : pending.peek();
      if (asked == null || (strict && isBefore(place.position(), asked.after()))) {
        return asked == null ? null : head.framing("GET");
      }
      if (head.interim()) {
        return head.framing("GET");
      }
      pending.remove();
      Exchange exchange = asked.exchange();
      exchange.responded(asked.facts().answered(head.status(), head.headers()), place);
      boolean tunnel = asked.method().equals("CONNECT") && head.status() / 100 == 2;
      if (head.status() == 101 || tunnel) {
        exchange.ended(Exchange.Outcome.SWITCHED, place.time(), 0);
        exchanges.ended(exchange);
        over = true;
        exchanges.switched();
        return Framing.NONE;
      }
      Framing framing = head.framing(asked.method());
      current = new Answer(exchange, framing);
      return framing;
    }

    @Override
    public void end(long time, long bodyBytes) {
      Answer answer = current;
      if (answer == null) {
        return;
      }
      current = null;
      Exchange exchange = answer.exchange;
      boolean known = !(answer.framing instanceof Framing.Unknown);
      exchange.ended(
          known ? Exchange.Outcome.COMPLETE : Exchange.Outcome.HEAD_ONLY,
          known ? time : exchange.responseTime(),
          bodyBytes);
      exchanges.ended(exchange);
    }

    @Override
    public void lost(int position) {
      finishCurrent(responses.lastByte(), false);
      obscured(position);
    }

    @Override
    public void obscured(int position) {
      strict = true;
      if (pipelined) {
        lose();
        return;
      }
      for (Iterator<Asked> all = pending.iterator(); all.hasNext(); ) {
        Asked one = all.next();
        if (isBefore(one.after(), position)) {
          all.remove();
          exchanges.abandoned(one.exchange());
        }
      }
      if (pending.size() > 1) {
        lose();
      }
    }

    @Override
    public boolean begins(byte[] bytes, int captured) {
      return !pending.isEmpty() && HttpStart.ofResponse(bytes, captured);
    }
  }

  private static final byte[] NO_TAIL = {};
}
