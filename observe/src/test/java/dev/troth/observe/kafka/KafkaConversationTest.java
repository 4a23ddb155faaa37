package dev.troth.observe.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;
import dev.troth.testkit.Property;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka read from segments: an answer goes to its own request or to none. */
final class KafkaConversationTest {
  private static final String CONTEXT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  /** What was told, and the segments that tell it. */
  private static final class Tap implements Exchanges {
    final List<Exchange> ended = new ArrayList<>();
    final KafkaProtocol protocol = new KafkaProtocol();
    Conversation conversation = protocol.open(Role.CLIENT, this);
    Role role = Role.CLIENT;
    boolean begun;
    int open;
    int withdrawn;
    int requestPosition = 1_000;
    int answerPosition = 5_000;
    long time;

    @Override
    public void began(Exchange exchange) {
      open++;
    }

    @Override
    public void ended(Exchange exchange) {
      open--;
      ended.add(exchange);
    }

    @Override
    public void abandoned(Exchange exchange) {
      open--;
    }

    @Override
    public void withdrawn(Exchange exchange) {
      open--;
      withdrawn++;
    }

    @Override
    public void lost(String reason) {}

    @Override
    public void switched() {}

    /** Passes bytes; captured as far as said, or not at all. */
    void pass(boolean request, byte[] bytes, int captured, boolean seen) {
      int position = request ? requestPosition : answerPosition;
      int opposite = request ? answerPosition : requestPosition;
      requestPosition += request ? bytes.length : 0;
      answerPosition += request ? 0 : bytes.length;
      time += 1_000;
      if (!seen) {
        return;
      }
      Direction direction = request ? role.requests() : role.requests().opposite();
      Segment segment =
          new Segment(
              direction,
              Arrays.copyOf(bytes, captured),
              captured,
              bytes.length,
              new byte[0],
              position,
              opposite,
              time,
              new Call(1, false, true));
      if (!begun) {
        Optional<Role> recognised = protocol.recognise(segment);
        if (recognised.isEmpty() || recognised.get() != role) {
          return;
        }
        begun = true;
        conversation = protocol.open(role, this);
      }
      conversation.segment(segment);
    }

    void request(byte[] message) {
      byte[] framed = Wire.framed(message);
      pass(true, framed, framed.length, true);
    }

    /** As programs read: the length first, then the rest. */
    void answer(byte[] message) {
      byte[] framed = Wire.framed(message);
      pass(false, Arrays.copyOf(framed, 4), 4, true);
      pass(false, message, message.length, true);
    }

    Facts.Messaging last() {
      return (Facts.Messaging) ended.getLast().facts();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 8, 9, 12})
  void produceTellsTopicRecordsContextAndError(int version) {
    Tap tap = new Tap();
    tap.request(Wire.produce(version, 7, "orders", -1, Wire.batch(3, 10, CONTEXT)));
    tap.answer(Wire.produced(version, 7, "orders", 0));
    assertThat(tap.last())
        .isEqualTo(new Facts.Messaging("kafka", "send", "orders", "0", "producer-1", 3, ""));
    assertThat(tap.ended.getLast().context()).isEqualTo(CONTEXT);
    tap.request(Wire.produce(version, 8, "orders", -1, Wire.batch(1, 10, "")));
    tap.answer(Wire.produced(version, 8, "orders", 6));
    assertThat(tap.last().error()).isEqualTo("NOT_LEADER_OR_FOLLOWER");
    assertThat(tap.ended.getLast().context()).isNull();
    tap.request(Wire.produce(version, 9, "orders", 0, Wire.batch(2, 10, "")));
    assertThat(tap.ended).as("no answer comes without acks").hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7, 11, 12, 13, 17})
  void fetchTellsWhatItBroughtAndThatItBroughtNothing(int version) {
    Tap tap = new Tap();
    tap.request(Wire.metadata(12, 1));
    tap.answer(Wire.described(1, "orders"));
    tap.request(Wire.fetch(version, 2));
    tap.answer(Wire.fetched(version, 2, "orders", Wire.batch(5, 100, CONTEXT), 0));
    assertThat(tap.last())
        .isEqualTo(new Facts.Messaging("kafka", "poll", "orders", "3", "producer-1", 5, ""));
    tap.request(Wire.fetch(version, 3));
    tap.answer(Wire.fetched(version, 3, "orders", new byte[0], 0));
    assertThat(tap.ended).hasSize(1);
    assertThat(tap.withdrawn).isEqualTo(1);
    tap.request(Wire.fetch(version, 4));
    tap.answer(Wire.fetched(version, 4, "orders", new byte[0], 1));
    assertThat(tap.last().error()).isEqualTo("OFFSET_OUT_OF_RANGE");
  }

  @Test
  void ofABatchThatIsCutTheRecordsAreCountedOnlyIfAllOfThemAreKnown() {
    Tap tap = new Tap();
    byte[] one = Wire.batch(4, 20_000, "");
    byte[] framed = Wire.framed(Wire.produce(9, 1, "orders", -1, one));
    tap.pass(true, framed, 32_767, true);
    tap.answer(Wire.produced(9, 1, "orders", 0));
    assertThat(tap.last().destination()).isEqualTo("orders");
    assertThat(tap.last().count()).isEqualTo(-1);
    tap.request(Wire.fetch(12, 2));
    tap.answer(Wire.fetched(12, 2, "orders", Wire.batch(1, 10, ""), 0));
    assertThat(tap.last().count()).as("what follows is read").isEqualTo(1);
  }

  @Test
  void ofAnAnswerWhoseRecordsComeFromAFileTheTopicIsKnown() {
    Tap tap = new Tap();
    tap.request(Wire.fetch(12, 1));
    byte[] framed = Wire.framed(Wire.fetched(12, 1, "orders", Wire.batch(50, 100, ""), 0));
    byte[] head = Arrays.copyOf(framed, 90);
    tap.pass(false, head, head.length, true);
    tap.pass(false, Arrays.copyOfRange(framed, 90, framed.length), 0, true);
    assertThat(tap.last())
        .isEqualTo(new Facts.Messaging("kafka", "poll", "orders", "3", "producer-1", -1, ""));
    tap.request(Wire.fetch(12, 2));
    tap.answer(Wire.fetched(12, 2, "orders", Wire.batch(1, 10, ""), 0));
    assertThat(tap.last().count()).isEqualTo(1);
  }

  @Test
  void recordsOfDifferentTracesHaveNoContext() {
    Tap tap = new Tap();
    byte[] first = Wire.batch(1, 10, CONTEXT);
    byte[] second = Wire.batch(1, 10, CONTEXT.replace("b7ad", "c8be"));
    byte[] both = new Wire().raw(first).raw(second).bytes();
    tap.request(Wire.produce(9, 1, "orders", -1, both));
    tap.answer(Wire.produced(9, 1, "orders", 0));
    assertThat(tap.last().count()).isEqualTo(2);
    assertThat(tap.ended.getLast().context()).isNull();
  }

  @Test
  void aBrokerReadsTheLengthAloneAndIsFollowedAllTheSame() {
    Tap tap = new Tap();
    tap.role = Role.SERVER;
    for (int i = 0; i < 3; i++) {
      byte[] message = Wire.produce(9, i, "orders", -1, Wire.batch(1, 10, ""));
      byte[] framed = Wire.framed(message);
      tap.pass(true, Arrays.copyOf(framed, 4), 4, true);
      tap.pass(true, message, message.length, true);
      byte[] answer = Wire.framed(Wire.produced(9, i, "orders", 0));
      tap.pass(false, answer, answer.length, true);
    }
    assertThat(tap.ended).hasSize(3);
  }

  @Test
  void withoutLossEachRequestIsPairedWithItsOwnAnswer() {
    Property.of("complete pairing of Kafka")
        .runs(2_000, 200_000)
        .check(random -> {
          Tap tap = run(random, 0);
          assertThat(tap.ended.size() + tap.withdrawn).isEqualTo(20);
          assertThat(tap.open).isZero();
          tap.ended.forEach(KafkaConversationTest::isItsOwn);
        });
  }

  @Test
  void withLossAndFromTheMiddleOnNoAnswerGoesToAnotherRequest() {
    Property.of("no wrong pair of Kafka")
        .runs(5_000, 500_000)
        .check(random -> {
          Tap tap = run(random, random.nextDouble(0.5));
          tap.conversation.closed(tap.time, true);
          assertThat(tap.open).isZero();
          tap.ended.stream().filter(Exchange::hasResponse).forEach(KafkaConversationTest::isItsOwn);
        });
  }

  /** The topic of each request tells the error of its answer. */
  private static void isItsOwn(Exchange exchange) {
    Facts.Messaging facts = (Facts.Messaging) exchange.facts();
    if (!facts.destination().isEmpty()) {
      assertThat(facts.error())
          .isEqualTo(Errors.name(Integer.parseInt(facts.destination().substring(1))));
    }
  }

  private static Tap run(RandomGenerator random, double loss) {
    Tap tap = new Tap();
    tap.role = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
    int first = random.nextInt(1 << 20);
    int asked = 0;
    int answered = 0;
    int[] codes = random.ints(20, 0, 120).toArray();
    int[] versions = random.ints(20, 3, 13).toArray();
    while (answered < 20) {
      if (asked < 20 && (asked == answered || (asked - answered < 5 && random.nextBoolean()))) {
        String topic = "t" + codes[asked];
        byte[] records = Wire.batch(1 + random.nextInt(3), random.nextInt(40), "");
        cut(
            random,
            tap,
            true,
            Wire.framed(Wire.produce(versions[asked], first + asked, topic, -1, records)),
            loss);
        asked++;
      } else {
        String topic = "t" + codes[answered];
        byte[] answer = Wire.produced(versions[answered], first + answered, topic, codes[answered]);
        cut(random, tap, false, Wire.framed(answer), loss);
        answered++;
      }
    }
    return tap;
  }

  private static void cut(
      RandomGenerator random, Tap tap, boolean request, byte[] bytes, double loss) {
    boolean whole = request && (tap.requestPosition == 1_000 || random.nextBoolean());
    int at = 0;
    while (at < bytes.length) {
      int end = whole ? bytes.length : Math.min(bytes.length, at + 1 + random.nextInt(60));
      byte[] piece = Arrays.copyOfRange(bytes, at, end);
      boolean seen = random.nextDouble() >= loss;
      int captured =
          loss > 0 && random.nextInt(8) == 0 ? random.nextInt(piece.length + 1) : piece.length;
      tap.pass(request, piece, captured, seen);
      at = end;
    }
  }
}
