package dev.troth.observe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MessageTest {
  @Test
  void aQuestionIsReadAsItIsWritten() {
    Message message = read(Messages.question(0xabcd, "wWw.Example.com", 28)).orElseThrow();
    assertThat(message.id()).isEqualTo(0xabcd);
    assertThat(message.response()).isFalse();
    assertThat(message.question()).contains(new Question("wWw.Example.com", 28, 1));
    assertThat(message.question().orElseThrow().typeText()).isEqualTo("AAAA");
  }

  @Test
  void lettersThatCannotBePrintedAreNumbers() {
    assertThat(read(Messages.question(1, "a\u0007b\t\u00ff\"\\c.d", 99)).orElseThrow().question())
        .contains(new Question("a\\007b\\t\\255\\\"\\\\c.d", 99, 1));
    assertThat(new Question("", 65_280, 1).typeText()).isEqualTo("TYPE65280");
  }

  @Test
  void addressesAreThoseOfTheAnswersAlone() {
    byte[] records = {
      (byte) 0xc0,
      12,
      0,
      5,
      0,
      1,
      0,
      0,
      0,
      60,
      0,
      2,
      (byte) 0xc0,
      12, // an alias
      (byte) 0xc0,
      12,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      60,
      0,
      4,
      10,
      1,
      2,
      3, // an address
      1,
      'x',
      0,
      0,
      1,
      0,
      1,
      0,
      0,
      0,
      60,
      0,
      4,
      10,
      9,
      9,
      9 // one beside the answers
    };
    byte[] bytes = Messages.message(1, 0x8180, "a.b", 1, 2, records);
    bytes[11] = 1;
    assertThat(read(bytes).orElseThrow().addresses()).containsExactly("10.1.2.3");
    assertThat(read(Messages.answer(1, "a.b", 0, 500)).orElseThrow().addresses()).hasSize(64);
  }

  @Test
  void theUpperBitsOfACodeAreInTheOptions() {
    byte[] options = {0, 0, 41, 4, (byte) 0xd0, 1, 0, 0, 0, 0, 0};
    byte[] bytes = Messages.message(1, 0x8180, "a", 1, 0, options);
    bytes[11] = 1;
    assertThat(Message.codeText(read(bytes).orElseThrow().code())).isEqualTo("BADVERS");
  }

  @Test
  void whatIsNeitherAQuestionNorItsAnswerIsNone() {
    byte[] update = Messages.question(1, "a", 1);
    update[2] = 0x28;
    byte[] authoritative = Messages.question(1, "a", 1);
    authoritative[2] = 4;
    byte[] two = Messages.question(1, "a", 1);
    two[5] = 2;
    byte[] pointer = Messages.question(1, "a", 1);
    pointer[12] = (byte) 0xc0;
    byte[] noClass = Messages.question(1, "a", 1);
    noClass[noClass.length - 1] = 0;
    byte[] longName = Messages.question(1, "a.".repeat(128) + "a", 1);
    for (byte[] bytes : List.of(update, authoritative, two, pointer, noClass, longName)) {
      assertThat(read(bytes)).isEmpty();
    }
  }

  @Test
  void everyBeginningIsReadAsFarAsItGoes() {
    byte[] whole = Messages.answer(7, "some.name", 0, 3);
    for (int length = 0; length < whole.length; length++) {
      Optional<Message> message = Message.read(Arrays.copyOf(whole, length), 0, length);
      int records = Math.max(0, length - 27) / 16;
      assertThat(message.map(one -> one.addresses().size()))
          .as("of %d bytes", length)
          .isEqualTo(length < 27 ? Optional.empty() : Optional.of(records));
    }
  }

  private static Optional<Message> read(byte[] bytes) {
    return Message.read(bytes, 0, bytes.length);
  }
}
