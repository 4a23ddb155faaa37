package dev.troth.observe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LookupsTest {
  private static final Optional<Facts.Peer> FIRST = Optional.of(new Facts.Peer("10.0.0.53", 53));
  private static final Optional<Facts.Peer> SECOND = Optional.of(new Facts.Peer("10.0.0.54", 53));
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final List<String> told = new ArrayList<>();
  private final Lookups<String> lookups =
      new Lookups<>(
          "udp",
          new Lookups.Listener<>() {
            @Override
            public void began(String on, Exchange exchange) {}

            @Override
            public void ended(String on, Exchange exchange) {
              Facts.Dns facts = (Facts.Dns) exchange.facts();
              told.add(
                  "%s %s %s %s %d"
                      .formatted(
                          on,
                          facts.name(),
                          facts.answer().code(),
                          facts.peer().map(Facts.Peer::address).orElse("?"),
                          exchange.end() - exchange.start()));
            }

            @Override
            public void abandoned(String on, Exchange exchange) {
              told.add(on + " abandoned");
            }
          });

  @Test
  void anAnswerBelongsToItsSocketItsNumberAndItsQuestion() {
    ask(1, Role.CLIENT, 5, "a.test", 10, FIRST);
    ask(1, Role.CLIENT, 5, "b.test", 20, FIRST);
    ask(2, Role.CLIENT, 5, "a.test", 30, FIRST);
    answer(1, Role.CLIENT, 6, "a.test", 3, 40);
    answer(3, Role.CLIENT, 5, "a.test", 3, 40);
    answer(1, Role.SERVER, 5, "a.test", 3, 40);
    assertThat(told).isEmpty();
    answer(1, Role.CLIENT, 5, "B.TEST", 0, 50);
    answer(1, Role.CLIENT, 5, "a.test", 3, 60);
    answer(1, Role.CLIENT, 5, "a.test", 0, 70);
    assertThat(told)
        .containsExactly("on 1 b.test NOERROR 10.0.0.53 30", "on 1 a.test NXDOMAIN 10.0.0.53 50");
    assertThat(lookups.open()).isEqualTo(1);
  }

  @Test
  void anAnswerWithoutItsQuestionIsTakenWhereOnlyOneWaits() {
    byte[] bare = {0, 5, (byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 0, 0, 0, 0};
    Message message = Message.read(bare, 0, bare.length).orElseThrow();
    ask(1, Role.CLIENT, 5, "a.test", 10, FIRST);
    ask(1, Role.CLIENT, 5, "b.test", 10, FIRST);
    lookups.answered(1, Role.CLIENT, message, place(20), Optional.empty());
    assertThat(told).isEmpty();
    answer(1, Role.CLIENT, 5, "b.test", 0, 30);
    lookups.answered(1, Role.CLIENT, message, place(40), Optional.empty());
    assertThat(told)
        .containsExactly("on 1 b.test NOERROR 10.0.0.53 20", "on 1 a.test FORMERR 10.0.0.53 30");
  }

  @Test
  void whoAsksTwoServersIsNotSaidToBeAnsweredByOne() {
    ask(1, Role.CLIENT, 5, "a.test", 10, FIRST);
    ask(1, Role.CLIENT, 5, "a.test", 15, SECOND);
    answer(1, Role.CLIENT, 5, "a.test", 0, 30);
    ask(1, Role.CLIENT, 6, "a.test", 10, FIRST);
    ask(1, Role.CLIENT, 6, "a.test", 15, FIRST);
    answer(1, Role.CLIENT, 6, "a.test", 0, 30);
    assertThat(told)
        .containsExactly("on 1 a.test NOERROR ? 20", "on 1 a.test NOERROR 10.0.0.53 20");
  }

  @Test
  void aServerThatIsAskedTheSameTwiceIsNotGuessedAt() {
    ask(1, Role.SERVER, 5, "a.test", 10, Optional.empty());
    ask(1, Role.SERVER, 5, "a.test", 20, Optional.empty());
    answer(1, Role.SERVER, 5, "a.test", 0, 30);
    answer(1, Role.SERVER, 5, "a.test", 0, 40);
    assertThat(told).containsExactly("on 1 abandoned", "on 1 abandoned");
    assertThat(lookups.open()).isZero();
  }

  @Test
  void whatIsNotAnsweredInHalfAMinuteIsATimeout() {
    ask(1, Role.CLIENT, 5, "a.test", 10, FIRST);
    ask(1, Role.CLIENT, 6, "b.test", 10, FIRST);
    ask(1, Role.CLIENT, 5, "a.test", 5 * SECOND_NANOS, FIRST);
    lookups.tick(29 * SECOND_NANOS);
    assertThat(told).isEmpty();
    lookups.tick(31 * SECOND_NANOS);
    assertThat(told).containsExactly("on 1 b.test timeout 10.0.0.53 0");
    lookups.tick(35 * SECOND_NANOS);
    assertThat(told.getLast())
        .isEqualTo("on 1 a.test timeout 10.0.0.53 " + (5 * SECOND_NANOS - 10));
    answer(1, Role.CLIENT, 5, "a.test", 0, 36 * SECOND_NANOS);
    assertThat(told).hasSize(2);
  }

  @Test
  void beyondSoManyTheEldestIsGivenUp() {
    for (int i = 0; i < 8_200; i++) {
      ask(i, Role.CLIENT, 1, "a.test", i, FIRST);
    }
    assertThat(lookups.open()).isEqualTo(8_192);
    assertThat(told).hasSize(8).startsWith("on 0 abandoned").endsWith("on 7 abandoned");
  }

  private void ask(
      long socket, Role role, int id, String name, long time, Optional<Facts.Peer> peer) {
    lookups.asked(
        socket, "on " + socket, role, read(Messages.question(id, name, 1)), place(time), peer);
  }

  private void answer(long socket, Role role, int id, String name, int code, long time) {
    lookups.answered(
        socket, role, read(Messages.answer(id, name, code, 0)), place(time), Optional.empty());
  }

  private static Message read(byte[] bytes) {
    return Message.read(bytes, 0, bytes.length).orElseThrow();
  }

  private static Place place(long time) {
    return new Place(0, 0, time, 1, true);
  }
}
