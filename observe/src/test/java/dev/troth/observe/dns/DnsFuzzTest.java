package dev.troth.observe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.AnyConversation;
import java.util.Optional;

/** Whatever passes, nothing throws, and no answer goes to a question that it does not answer. */
final class DnsFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void anyBytesAreAMessageOrNone(FuzzedDataProvider data) {
    byte[] before = data.consumeBytes(data.consumeInt(0, 3));
    byte[] rest = data.consumeRemainingAsBytes();
    byte[] bytes = new byte[before.length + rest.length];
    System.arraycopy(rest, 0, bytes, before.length, rest.length);
    Optional<Message> message = Message.read(bytes, before.length, bytes.length);
    message.ifPresent(read -> {
      assertThat(read.response() || read.question().isPresent()).isTrue();
      assertThat(read.addresses()).hasSizeLessThanOrEqualTo(64);
      read.question()
          .ifPresent(question -> {
            assertThat(question.name()).hasSizeLessThanOrEqualTo(4 * 255);
            assertThat(question.name()).matches("[ -~]*");
          });
    });
  }

  @FuzzTest(maxDuration = "2m")
  void anyConversationEnds(FuzzedDataProvider data) {
    assertThat(AnyConversation.play(data, new DnsProtocol())).isZero();
  }

  @FuzzTest(maxDuration = "2m")
  void anyDatagramsAreGivenToTheirOwnQuestions(FuzzedDataProvider data) {
    int[] open = new int[1];
    Lookups<Integer> lookups =
        new Lookups<>(
            "udp",
            new Lookups.Listener<>() {
              @Override
              public void began(Integer on, Exchange exchange) {
                open[0]++;
              }

              @Override
              public void ended(Integer on, Exchange exchange) {
                open[0]--;
                assertThat(exchange.end()).isGreaterThanOrEqualTo(exchange.start());
              }

              @Override
              public void abandoned(Integer on, Exchange exchange) {
                open[0]--;
              }
            });
    long time = 1;
    while (data.remainingBytes() > 0) {
      int socket = data.consumeInt(0, 2);
      Role role = data.consumeBoolean() ? Role.CLIENT : Role.SERVER;
      Place place = new Place(0, 0, time, 1, true);
      byte[] bytes = data.consumeBytes(data.consumeInt(0, 80));
      Optional<Message> message = Message.read(bytes, 0, bytes.length);
      if (message.isPresent() && message.get().response()) {
        lookups.answered(socket, role, message.get(), place, Optional.empty());
      } else if (message.isPresent()) {
        lookups.asked(socket, socket, role, message.get(), place, Optional.empty());
      }
      time += data.consumeInt(0, 2_000_000_000);
      lookups.tick(time);
      assertThat(lookups.open()).isBetween(0, open[0]);
    }
    lookups.ended(on -> on == 1, "timeout", time);
    lookups.giveUp();
    assertThat(lookups.open()).isZero();
    assertThat(open[0]).as("lookups that never ended").isZero();
  }
}
