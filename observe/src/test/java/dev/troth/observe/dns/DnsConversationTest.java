package dev.troth.observe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DnsConversationTest {
  private static final byte[] ASK_A = Messages.framed(Messages.question(1, "a.test", 1));
  private static final byte[] ASK_B = Messages.framed(Messages.question(2, "b.test", 1));
  private static final byte[] ANSWER_A = Messages.framed(Messages.answer(1, "a.test", 0, 2));
  private static final byte[] ANSWER_B = Messages.framed(Messages.answer(2, "b.test", 3, 0));

  private final List<String> told = new ArrayList<>();
  private final Exchanges exchanges =
      new Exchanges() {
        @Override
        public void began(Exchange exchange) {}

        @Override
        public void ended(Exchange exchange) {
          Facts.Dns facts = (Facts.Dns) exchange.facts();
          told.add(
              facts.name()
                  + " "
                  + facts.answer().code()
                  + " "
                  + facts.answer().addresses().size()
                  + " at "
                  + exchange.position());
        }

        @Override
        public void abandoned(Exchange exchange) {
          told.add("abandoned");
        }

        @Override
        public void withdrawn(Exchange exchange) {}

        @Override
        public void lost(String reason) {
          told.add(reason);
        }

        @Override
        public void switched() {}
      };
  private final int[] positions = {1_000, 2_000};

  @Test
  void answersMayComeInAnyOrderAndInAnyPieces() {
    byte[] questions = joined(ASK_A, ASK_B);
    byte[] answers = joined(ANSWER_B, ANSWER_A);
    for (int piece = 1; piece <= answers.length; piece++) {
      told.clear();
      positions[0] = 1_000;
      positions[1] = 2_000;
      Conversation client = new DnsProtocol().open(Role.CLIENT, exchanges);
      say(client, Direction.SENT, questions, 0);
      for (int at = 0; at < answers.length; at += piece) {
        byte[] part = Arrays.copyOfRange(answers, at, Math.min(at + piece, answers.length));
        say(client, Direction.RECEIVED, part, 0);
      }
      assertThat(told)
          .as("pieces of %d", piece)
          .containsExactly(
              "b.test NXDOMAIN 0 at " + (1_000 + ASK_A.length), "a.test NOERROR 2 at 1000");
    }
  }

  @Test
  void aServerThatReadsTheLengthByItselfIsTakenUpAtTheQuestion() {
    DnsProtocol protocol = new DnsProtocol();
    byte[] length = Arrays.copyOf(ASK_A, 2);
    byte[] rest = Arrays.copyOfRange(ASK_A, 2, ASK_A.length);
    assertThat(protocol.recognise(segment(Direction.RECEIVED, length, 0, 1_000))).isEmpty();
    Segment question = segment(Direction.RECEIVED, rest, 0, 1_002);
    assertThat(protocol.recognise(question)).contains(Role.SERVER);
    Conversation server = protocol.open(Role.SERVER, exchanges);
    server.segment(question);
    positions[1] = 1_000 + ASK_A.length;
    say(server, Direction.RECEIVED, ASK_B, 0);
    say(server, Direction.SENT, joined(ANSWER_A, ANSWER_B), 0);
    assertThat(told)
        .containsExactly(
            "a.test NOERROR 2 at 1000", "b.test NXDOMAIN 0 at " + (1_000 + ASK_A.length));
  }

  @Test
  void bytesMayBeMissingWithinAMessageAndNotBetweenTwo() {
    Conversation client = new DnsProtocol().open(Role.CLIENT, exchanges);
    say(client, Direction.SENT, joined(ASK_A, ASK_B), 0);
    byte[] cut = Arrays.copyOf(ANSWER_A, ANSWER_A.length - 16);
    say(client, Direction.RECEIVED, cut, 16);
    assertThat(told).containsExactly("a.test NOERROR 1 at 1000");
    positions[1] += 5;
    say(client, Direction.RECEIVED, ANSWER_B, 0);
    say(client, Direction.SENT, ASK_A, 0);
    say(client, Direction.RECEIVED, ANSWER_A, 0);
    assertThat(told)
        .containsExactly(
            "a.test NOERROR 1 at 1000", "abandoned", "DNS over TCP with bytes missing");
  }

  @Test
  void whatIsOpenAtTheEndWasNotAnswered() {
    Conversation client = new DnsProtocol().open(Role.CLIENT, exchanges);
    say(client, Direction.SENT, ASK_A, 0);
    client.closed(9, false);
    assertThat(told).isEmpty();
    client.closed(9, true);
    assertThat(told).containsExactly("a.test connection_closed 0 at 1000");
  }

  @Test
  void otherProtocolsAreNotTakenForIt() {
    for (String text : List.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "*1\r\n$4\r\nPING\r\n")) {
      byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      assertThat(new DnsProtocol().recognise(segment(Direction.SENT, bytes, 0, 0))).isEmpty();
    }
    assertThat(new DnsProtocol().recognise(segment(Direction.SENT, ANSWER_A, 0, 0)))
        .isEqualTo(Optional.empty());
  }

  private void say(Conversation conversation, Direction direction, byte[] bytes, int missing) {
    int which = direction == Direction.RECEIVED ? 1 : 0;
    conversation.segment(segment(direction, bytes, missing, positions[which]));
    positions[which] += bytes.length + missing;
  }

  private Segment segment(Direction direction, byte[] bytes, int missing, int position) {
    return new Segment(
        direction,
        bytes,
        bytes.length,
        bytes.length + missing,
        new byte[0],
        position,
        positions[direction == Direction.RECEIVED ? 0 : 1],
        5,
        new Call(1, false, true));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
