package dev.troth.observe.kafka;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
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
 * Kafka on one socket: requests one way, answers the other in the same order, each with the
 * correlation id of its request. An answer whose id is not that of an open request is passed over.
 * What is missing gives up the open requests.
 */
final class KafkaConversation implements Conversation {
  private static final int MOST_PENDING = 4_096;
  private static final int BYTES_OF_ONE = 300;
  private static final int LENGTH_BYTES = 4;

  /** Ids count up; an answer to a request that was not seen has one of so many before. */
  private static final int MOST_BEFORE = 1 << 20;

  private static final int MOST_KEPT = 32_768;

  /** How a request begins what is read or written. */
  enum Begin {
    NOT,
    WITH_LENGTH,
    /** The four bytes of its length were read alone. */
    WITHOUT_LENGTH
  }

  /** A request that waits for its answer; of most kinds nothing is told. */
  private record Pending(Header header, Optional<Api> api, @Nullable Exchange exchange) {}

  private final Role role;
  private final Topics topics;
  private final Exchanges exchanges;
  private final Deque<Pending> pending = new ArrayDeque<>(4);
  private final Frames requests = new Frames(new Requests());
  private final Frames answers = new Frames(new Answers());
  private int requestsExpected;
  private int answersExpected;
  private int latest;
  private boolean over;

  KafkaConversation(Role role, Topics topics, Exchanges exchanges) {
    this.role = role;
    this.topics = topics;
    this.exchanges = exchanges;
  }

  /** How, if at all, a segment begins with requests. */
  static Begin begins(Segment segment) {
    byte[] b = segment.bytes();
    int n = segment.captured();
    if (n >= LENGTH_BYTES + Header.SHORTEST) {
      long size = Integer.toUnsignedLong(Frames.number(b, 0));
      Optional<Header> header = Header.at(b, LENGTH_BYTES, n);
      if (header.isPresent() && size >= header.get().bytes() && fits(segment, header.get())) {
        return Begin.WITH_LENGTH;
      }
    }
    Optional<Header> bare = Header.at(b, 0, n);
    return bare.isPresent() && bare.get().isCertain() && segment.length() >= bare.get().bytes()
        ? Begin.WITHOUT_LENGTH
        : Begin.NOT;
  }

  /** One request, or several to the end; or the first part of a long one. */
  private static boolean fits(Segment segment, Header first) {
    byte[] b = segment.bytes();
    long at = 0;
    while (at < segment.length()) {
      if (at + LENGTH_BYTES + Header.SHORTEST > segment.captured()) {
        return false;
      }
      Optional<Header> header = Header.at(b, (int) at + LENGTH_BYTES, segment.captured());
      long size = Integer.toUnsignedLong(Frames.number(b, (int) at));
      if (header.isEmpty() || size < header.get().bytes()) {
        return false;
      }
      at += LENGTH_BYTES + size;
    }
    return at == segment.length() || first.isCertain();
  }

  @Override
  public void segment(Segment segment) {
    if (over) {
      return;
    }
    boolean request = segment.direction() == role.requests();
    if (requests.isLost() || answers.isLost()) {
      if (!request || !resume(segment)) {
        return;
      }
    }
    int gap = segment.position() - (request ? requestsExpected : answersExpected);
    if (gap < 0) {
      return;
    }
    Frames frames = request ? requests : answers;
    if (gap > 0) {
      frames.skip(gap, segment.time());
      if (frames.isLost()) {
        segment(segment);
        return;
      }
    }
    if (request) {
      requestsExpected = segment.end();
    } else {
      answersExpected = segment.end();
    }
    frames.read(segment);
  }

  /** Takes up the conversation at a request, if the segment begins with one. */
  private boolean resume(Segment segment) {
    Begin begin = begins(segment);
    if (begin == Begin.NOT) {
      return false;
    }
    abandonAll();
    if (begin == Begin.WITH_LENGTH) {
      requests.resume();
    } else {
      requests.resumeWithin(segment.length(), Place.in(segment, -LENGTH_BYTES));
    }
    answers.resume();
    requestsExpected = segment.position();
    answersExpected = segment.opposite();
    return true;
  }

  @Override
  public void tick(long now) {}

  @Override
  public void closed(long time, boolean wholly) {
    if (over || (role == Role.CLIENT && !wholly)) {
      return;
    }
    for (Pending one : pending) {
      if (one.exchange != null) {
        end(one.exchange, Exchange.Outcome.ABORTED, time, 0);
      }
    }
    pending.clear();
  }

  @Override
  public void giveUp() {
    over = true;
    abandonAll();
  }

  @Override
  public int held() {
    return pending.size() * BYTES_OF_ONE + requests.held() + answers.held();
  }

  private void abandonAll() {
    for (Pending one : pending) {
      if (one.exchange != null) {
        exchanges.abandoned(one.exchange);
      }
    }
    pending.clear();
  }

  private void end(Exchange exchange, Exchange.Outcome outcome, long time, long bytes) {
    exchange.ended(outcome, time, bytes);
    exchanges.ended(exchange);
  }

  private void lost() {
    abandonAll();
    exchanges.passedOver("Kafka with bytes missing");
  }

  private final class Requests implements Frames.Receiver {
    @Override
    public int wanted(byte[] head, int length) {
      Optional<Header> header = Header.at(head, 0, head.length);
      if (header.isEmpty()) {
        return -1;
      }
      return Api.of(header.get().key(), header.get().version()).equals(Optional.of(Api.PRODUCE))
          ? MOST_KEPT
          : 0;
    }

    @Override
    public void message(byte[] kept, int length, Place place, long time) {
      Header header = Header.at(kept, 0, kept.length).orElseThrow();
      Optional<Api> api = Api.of(header.key(), header.version());
      latest = header.correlation();
      if (api.isEmpty()) {
        if (header.key() <= 1) {
          exchanges.passedOver("Kafka of a version that is not known");
        }
        add(new Pending(header, api, null));
        return;
      }
      switch (api.get()) {
        case METADATA -> add(new Pending(header, api, null));
        case FETCH -> {
          Facts facts = new Facts.Messaging("kafka", "poll", "", "", header.client(), -1, "");
          Exchange exchange = new Exchange(role, place, facts, null);
          exchange.requestBody(length);
          exchanges.began(exchange);
          add(new Pending(header, api, exchange));
        }
        case PRODUCE -> {
          Bodies.Produce said = new Bodies(topics).produce(header, kept);
          String context = said.context().isEmpty() ? null : said.context();
          Exchange exchange = new Exchange(role, place, said.facts(), context);
          exchange.requestBody(length);
          exchanges.began(exchange);
          if (said.answered()) {
            add(new Pending(header, api, exchange));
          } else {
            end(exchange, Exchange.Outcome.COMPLETE, time, 0);
          }
        }
      }
    }

    private void add(Pending one) {
      pending.add(one);
      if (pending.size() > MOST_PENDING) {
        giveUp();
        exchanges.lost("Kafka with more than " + MOST_PENDING + " open requests");
      }
    }

    @Override
    public void lost() {
      KafkaConversation.this.lost();
    }
  }

  private final class Answers implements Frames.Receiver {
    @Override
    public int wanted(byte[] head, int length) {
      int correlation = Frames.number(head, 0);
      Pending one = find(correlation);
      if (one == null) {
        // To a request before those that were seen, or no answer at all.
        int before = latest - correlation;
        return before > 0 && before < MOST_BEFORE ? 0 : -1;
      }
      return one.api.isEmpty() ? 0 : MOST_KEPT;
    }

    private @Nullable Pending find(int correlation) {
      for (Pending one : pending) {
        if (one.header.correlation() == correlation) {
          return one;
        }
      }
      return null;
    }

    @Override
    public void message(byte[] kept, int length, Place place, long time) {
      Pending answered = find(Frames.number(kept, 0));
      if (answered == null) {
        return; // to what was not seen
      }
      for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
        Pending one = all.next();
        all.remove();
        if (one == answered) {
          break;
        }
        if (one.exchange != null) {
          exchanges.abandoned(one.exchange); // answers come in order: this one's was missed
        }
      }
      answer(answered, kept, length, place, time);
    }

    private void answer(Pending one, byte[] kept, int length, Place place, long time) {
      int version = one.header.version();
      Exchange exchange = one.exchange;
      if (exchange == null) {
        if (one.api.equals(Optional.of(Api.METADATA))) {
          topics.learn(kept, version);
        }
        return;
      }
      if (!(exchange.facts() instanceof Facts.Messaging asked)) {
        return;
      }
      boolean fetch = one.api.equals(Optional.of(Api.FETCH));
      Optional<Facts.Messaging> seen =
          fetch
              ? new Bodies(topics).fetched(one.header.client(), version, kept, length)
              : new Bodies(topics).produced(asked, version, kept);
      if (seen.isEmpty()) {
        exchanges.abandoned(exchange); // whether it succeeded was not seen
        return;
      }
      Facts.Messaging said = seen.get();
      exchange.responded(said, place);
      if (fetch && said.count() == 0 && said.error().isEmpty()) {
        exchanges.withdrawn(exchange); // it waited for records, and there were none
        return;
      }
      end(exchange, Exchange.Outcome.COMPLETE, time, length);
    }

    @Override
    public void lost() {
      KafkaConversation.this.lost();
    }
  }
}
