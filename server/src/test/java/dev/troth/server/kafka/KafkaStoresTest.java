package dev.troth.server.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.server.TestPlatform;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.event.EventStore;
import dev.troth.server.event.Events;
import dev.troth.server.kafka.MessageStore.Taken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The places in topics, and what becomes of messages, without a broker. */
class KafkaStoresTest {
  private final TestPlatform platform = TestPlatform.start();
  private final SqliteChangeLog changes =
      new SqliteChangeLog(platform.database(), platform.clock());
  private final MessageStore store =
      new MessageStore(new Events(new EventStore(changes)), platform.clock());

  @AfterEach
  void stop() {
    platform.close();
  }

  private static Message message(long offset, String value) {
    return new Message(
        offset,
        Map.of("content-type", "application/cloudevents+json".getBytes(UTF_8)),
        value.getBytes(UTF_8));
  }

  private static Message event(long offset, String id) {
    return message(
        offset,
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"order/1\"}"
            .formatted(id));
  }

  private Taken take(long from, long to, Message... messages) {
    Stretch stretch = new Stretch("orders", 3, from, to, List.of(messages));
    return platform.database().write(handle -> store.take(handle, stretch));
  }

  private <T> T ask(Function<Handle, T> question) {
    return platform.database().read(question);
  }

  private long head() {
    return ask(SqliteChangeLog::head);
  }

  @Test
  void changesAndThePlaceAfterThemAreWrittenTogetherOrNotAtAll() {
    assertThat(take(5, 8, event(5, "a"), message(6, "{}"), event(7, "a")))
        .isEqualTo(new Taken(1, 1, 1));
    assertThat(head()).isEqualTo(1);
    // Who still believes in an older place writes nothing, neither changes nor counts.
    assertThatThrownBy(() -> take(5, 9, event(8, "b"))).isInstanceOf(MovedOn.class);
    assertThat(head()).isEqualTo(1);
    assertThat(take(8, 9, event(8, "b"))).isEqualTo(new Taken(1, 0, 0));
    assertThat(ask(store::partitions))
        .containsExactly(new MessageStore.Partition("orders", 3, 9, new Taken(2, 1, 1)));
    OptionalLong next = ask(handle -> store.next(handle, "orders", 3));
    assertThat(next).hasValue(9);
    OptionalLong unknown = ask(handle -> store.next(handle, "orders", 4));
    assertThat(unknown).isEmpty();
  }

  @Test
  void theNewestThousandRefusedMessagesAreKeptAndAllAreCounted() {
    List<Message> wrong = new ArrayList<>();
    for (int i = 0; i < 1_100; i++) {
      wrong.add(new Message(i, Map.of(), ("no " + i).getBytes(UTF_8)));
    }
    assertThat(take(0, 1_100, wrong.toArray(Message[]::new))).isEqualTo(new Taken(0, 0, 1_100));
    List<MessageStore.Refused> kept = ask(handle -> store.refused(handle, Long.MAX_VALUE, 5_000));
    assertThat(kept).hasSize(1_000);
    assertThat(kept.getFirst().value()).isEqualTo("no 1099");
    assertThat(kept.getLast().value()).isEqualTo("no 100");
    long before = kept.get(9).id();
    List<MessageStore.Refused> older = ask(handle -> store.refused(handle, before, 2));
    assertThat(older).extracting(MessageStore.Refused::offset).containsExactly(1_089L, 1_088L);
  }

  @Test
  void thePositionOfATopicMovesOnlyFromWhereItIs() {
    PositionStore positions = new PositionStore("all");
    assertThat(ask(positions::needs)).isEqualTo(Long.MAX_VALUE);
    platform
        .database()
        .write(handle -> {
          positions.begin(handle, 4);
          positions.begin(handle, 9);
          return true;
        });
    assertThat(ask(positions::sent)).hasValue(4);
    assertThat(ask(positions::needs)).isEqualTo(5);
    assertThatThrownBy(() ->
            platform
                .database()
                .write(handle -> {
                  positions.moveOn(handle, 3, 8);
                  return true;
                }))
        .isInstanceOf(MovedOn.class);
    platform
        .database()
        .write(handle -> {
          positions.moveOn(handle, 4, 8);
          return true;
        });
    assertThat(ask(positions::sent)).hasValue(8);
  }
}
