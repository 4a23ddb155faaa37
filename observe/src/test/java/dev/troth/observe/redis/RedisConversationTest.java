package dev.troth.observe.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;
import dev.troth.testkit.Property;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Commands of Redis and their answers: each command's error names the command. */
final class RedisConversationTest {
  private static final List<String> NAMES = List.of("GET", "SET", "LRANGE", "INCR", "HGETALL");

  @Test
  void pipelinesAreReadHoweverTheyAreCut() {
    Property.of("pipelines of Redis")
        .runs(2_000, 200_000)
        .check(random -> {
          Tap tap = new Tap(Role.SERVER, true);
          List<Integer> told = new ArrayList<>();
          int count = 0;
          for (int round = 0; round < 5; round++) {
            int ahead = 1 + random.nextInt(8);
            tap.commands(random, count, ahead, random.nextInt(4) != 0);
            tap.answers(random, count, ahead, random.nextInt(4) != 0);
            count += ahead;
          }
          tap.conversation.closed(1_000_000, true);
          tap.ended.forEach(exchange -> told.add(tap.number(exchange)));
          assertThat(tap.abandoned).isZero();
          assertThat(told).hasSize(count);
          for (int i = 0; i < count; i++) {
            assertThat(told.get(i)).isEqualTo(i);
          }
        });
  }

  @Test
  void whateverIsLostNoAnswerIsGivenToAnotherCommand() {
    Property.of("pipelines of Redis with losses")
        .runs(3_000, 500_000)
        .check(random -> {
          Tap tap = new Tap(random.nextBoolean() ? Role.SERVER : Role.CLIENT, random.nextBoolean());
          int count = 0;
          for (int round = 0; round < 20; round++) {
            int ahead = 1 + random.nextInt(4);
            tap.lossy = random.nextInt(3) == 0;
            tap.commands(random, count, ahead, true);
            tap.answers(random, count, ahead, true);
            count += ahead;
            if (random.nextInt(3) == 0) {
              tap.time += 200_000_000;
            }
          }
          tap.conversation.closed(tap.time + 1, true);
          tap.ended.forEach(tap::number); // which compares the answer with the command
          assertThat(tap.ended.size() + tap.abandoned).isEqualTo(tap.began);
        });
  }

  @Test
  void aConnectionWithAnswersDueIsNotReadBeforeASilence() {
    Tap tap = new Tap(Role.CLIENT, false);
    RandomGenerator random = new java.util.Random(1);
    tap.commands(random, 0, 1, false);
    // This answer is for one that was sent before the agent.
    tap.answers(random, 7, 1, false);
    tap.commands(random, 1, 1, false);
    tap.answers(random, 0, 2, false);
    assertThat(tap.began).isZero();
    tap.time += 200_000_000;
    tap.commands(random, 2, 1, false);
    tap.answers(random, 2, 1, false);
    assertThat(tap.ended).hasSize(1);
    assertThat(tap.number(tap.ended.getFirst())).isEqualTo(2);
  }

  @Test
  void anAnswerThatIsToldOfBeforeItsCommandWaitsForIt() {
    Tap tap = new Tap(Role.CLIENT, true);
    RandomGenerator random = new java.util.Random(1);
    tap.commands(random, 0, 1, false);
    tap.answers(random, 0, 1, false);
    byte[] command = tap.bytesOf(1);
    tap.commandPosition += command.length;
    tap.answers(random, 1, 1, false);
    tap.conversation.segment(
        tap.segment(true, command, command.length, tap.commandPosition - command.length));
    assertThat(tap.ended).extracting(tap::number).containsExactly(0, 1);
  }

  @Test
  void whatIsToldUnaskedIsNoAnswerAndAListenerIsGivenUp() {
    Tap tap = new Tap(Role.CLIENT, true);
    RandomGenerator random = new java.util.Random(1);
    tap.commands(random, 0, 1, false);
    tap.say(false, ">3\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\na\r\n+x\r\n");
    tap.answers(random, 0, 1, false);
    assertThat(tap.ended).extracting(tap::number).containsExactly(0);
    tap.say(true, "*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\na\r\n");
    assertThat(tap.lost).containsExactly("Redis that tells instead of answering, as of SUBSCRIBE");
  }

  /** A socket of which pieces may be lost or cut. */
  private static final class Tap implements Exchanges {
    private final List<Exchange> ended = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();
    private final RedisConversation conversation;
    private final Role role;
    private boolean fresh;
    private boolean lossy;
    private int began;
    private int abandoned;
    private int commandPosition = -50;
    private int answerPosition = Integer.MAX_VALUE - 90;
    private long time = 1;

    Tap(Role role, boolean fresh) {
      this.role = role;
      this.fresh = fresh;
      this.conversation = new RedisConversation(role, this);
    }

    /** The command's number, told by its name and by its answer alike. */
    int number(Exchange exchange) {
      Facts.Database facts = (Facts.Database) exchange.facts();
      assertThat(exchange.outcome()).isEqualTo(Exchange.Outcome.COMPLETE);
      int number = Integer.parseInt(facts.error().substring(1));
      assertThat(facts.operation()).isEqualTo(NAMES.get(number % NAMES.size()));
      return number;
    }

    byte[] bytesOf(int number) {
      String name = NAMES.get(number % NAMES.size());
      String data = "*1\r\n$3\r\nGET\r\n".repeat(number % 7);
      return ("*2\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
              .formatted(name.length(), name, data.length(), data))
          .getBytes(US_ASCII);
    }

    void commands(RandomGenerator random, int from, int count, boolean cut) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = from; i < from + count; i++) {
        all.writeBytes(bytesOf(i));
      }
      pass(random, true, all.toByteArray(), cut);
    }

    /** Each is an error that names the command. */
    void answers(RandomGenerator random, int from, int count, boolean cut) {
      StringBuilder all = new StringBuilder();
      for (int i = from; i < from + count; i++) {
        all.append("-E").append(i).append(" x".repeat(i % 40)).append("\r\n");
      }
      pass(random, false, all.toString().getBytes(US_ASCII), cut);
    }

    void say(boolean command, String text) {
      pass(new java.util.Random(1), command, text.getBytes(US_ASCII), false);
    }

    private void pass(RandomGenerator random, boolean command, byte[] all, boolean cut) {
      for (int at = 0; at < all.length; ) {
        int length = cut ? 1 + random.nextInt(all.length - at) : all.length - at;
        if (at == 0 && cut && fresh) {
          length = Math.max(length, Math.min(all.length, 40)); // one that can be recognised
        }
        byte[] piece = Arrays.copyOfRange(all, at, at + length);
        int position = command ? commandPosition : answerPosition;
        if (command) {
          commandPosition += length;
        } else {
          answerPosition += length;
        }
        int captured = lossy && random.nextInt(6) == 0 ? random.nextInt(length) : length;
        if (!lossy || random.nextInt(6) != 0) {
          conversation.segment(segment(command, piece, captured, position));
        }
        fresh = false;
        time += 1_000;
        at += length;
      }
    }

    Segment segment(boolean command, byte[] piece, int captured, int position) {
      Direction requests = role.requests();
      return new Segment(
          command ? requests : requests.opposite(),
          piece,
          captured,
          piece.length,
          new byte[0],
          position,
          command ? answerPosition : commandPosition,
          time,
          new Call(1, fresh, false));
    }

    @Override
    public void began(Exchange exchange) {
      began++;
    }

    @Override
    public void ended(Exchange exchange) {
      if (exchange.outcome() == Exchange.Outcome.COMPLETE) {
        ended.add(exchange);
      } else {
        abandoned++;
      }
    }

    @Override
    public void abandoned(Exchange exchange) {
      abandoned++;
    }

    @Override
    public void withdrawn(Exchange exchange) {
      throw new AssertionError("Redis withdraws nothing");
    }

    @Override
    public void lost(String reason) {
      lost.add(reason);
    }

    @Override
    public void switched() {}
  }
}
