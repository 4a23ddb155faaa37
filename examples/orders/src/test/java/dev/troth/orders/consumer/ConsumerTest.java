package dev.troth.orders.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.orders.FakePlatform;
import dev.troth.orders.http.Caller;
import dev.troth.orders.http.Caller.Call;
import dev.troth.orders.http.Json;
import dev.troth.orders.http.Service.Listen;
import dev.troth.orders.order.OrderPlacedContract;
import dev.troth.orders.process.Running;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ConsumerTest {
  @TempDir private Path folder;
  private FakePlatform platform;
  private Running consumer;

  @BeforeEach
  void start() throws Exception {
    platform = new FakePlatform();
    follow();
  }

  private void follow() throws Exception {
    var settings =
        new Consumer.Settings(
            platform.uri(),
            Optional.empty(),
            OrderPlacedContract.load(),
            folder.resolve("consumer.db"));
    consumer = Consumer.start(new Listen(0, false), settings, OpenTelemetry.noop());
  }

  @AfterEach
  void stop() {
    consumer.close();
    platform.close();
  }

  @Test
  void goesOnWhereItWasWhenTheConnectionEnds() throws Exception {
    platform.cutAfter = 3;
    for (int i = 0; i < 10; i++) {
      platform.tellOfOrder(id(i), order(id(i)));
    }

    await().untilAsserted(() -> assertThat(count("orders")).isEqualTo(10));
    assertThat(platform.resumedFrom).startsWith("0", "3", "6", "9");
  }

  @Test
  void goesOnWhereItWasAfterARestart() throws Exception {
    platform.tellOfOrder(id(1), order(id(1)));
    await().untilAsserted(() -> assertThat(count("orders")).isEqualTo(1));
    consumer.close();
    platform.tellOfOrder(id(2), order(id(2)));

    follow();

    await().untilAsserted(() -> assertThat(count("orders")).isEqualTo(2));
    assertThat(platform.resumedFrom).containsExactly("0", "1");
  }

  @Test
  void keepsAnOrderOnceHoweverOftenItIsTold() throws Exception {
    platform.tellOfOrder(id(1), order(id(1)));
    platform.tellOfOrder(id(1), order(id(1)));
    platform.tellOfOrder(id(2), order(id(2)));

    await().untilAsserted(() -> assertThat(counts().path("position").asString()).isEqualTo("3"));
    assertThat(count("orders")).isEqualTo(2);
  }

  @Test
  void whatItCannotUseIsADeadLetterWithTheReasonAndHoldsNothingUp() throws Exception {
    platform.tellOfOrder(id(1), order(id(1)).replace("100,", "\"twelve\","));
    platform.tell("{\"type\":\"record.updated\",\"subject\":\"record/1\"}");
    platform.tell("not json");
    platform.tellOfOrder(id(2), order(id(2)));

    await().untilAsserted(() -> assertThat(count("orders")).isEqualTo(1));
    assertThat(count("deadLetters")).isEqualTo(2);
    JsonNode letters = get("/dead-letters");
    assertThat(letters.get(1).path("subject").asString()).isEqualTo("order/" + id(1));
    assertThat(letters.get(1).path("reason").asString()).contains("/amountCents", "twelve");
    assertThat(letters.get(0).path("data").asString()).isEqualTo("not json");
  }

  @Test
  void readsAnotherStreamFromItsBeginning() throws Exception {
    platform.tellOfOrder(id(1), order(id(1)));
    platform.tellOfOrder(id(2), order(id(2)));
    await().untilAsserted(() -> assertThat(count("orders")).isEqualTo(2));
    consumer.close();
    platform.close();

    platform = new FakePlatform();
    platform.epoch = "two";
    platform.tellOfOrder(id(3), order(id(3)));
    platform.tellOfOrder(id(4), order(id(4)));
    follow();

    await().untilAsserted(() -> assertThat(count("orders")).isEqualTo(4));
    assertThat(platform.resumedFrom).containsExactly("2", "0");
  }

  @Test
  void saysWhatItMissedWhenTheStreamCannotBeResumed() throws Exception {
    platform.tell("reset", "{\"epoch\":\"one\",\"seq\":40000}");

    await().untilAsserted(() -> assertThat(count("deadLetters")).isEqualTo(1));
    assertThat(get("/dead-letters").get(0).path("reason").asString()).contains("up to 40000");
    assertThat(counts().path("position").asString()).isEqualTo("1");
  }

  @Test
  void waitsForAPlatformThatIsAway() throws Exception {
    consumer.close();
    platform.close();
    follow();

    assertThat(count("orders")).isZero();
  }

  private static String id(int number) {
    return "1a203bc5aee-%08x".formatted(number);
  }

  private static String order(String id) {
    return """
    {"orderId":"%s","customer":"ada","amountCents":100,"currency":"EUR",\
    "placedAt":"2026-01-01T00:00:00Z","items":[{"sku":"TEA","quantity":1,"unitCents":100}]}\
    """
        .formatted(id);
  }

  private long count(String of) throws IOException {
    return counts().path(of).asLong();
  }

  private JsonNode counts() throws IOException {
    return get("/counts");
  }

  private JsonNode get(String path) throws IOException {
    Caller caller = new Caller(consumer.uri(), OpenTelemetry.noop());
    return Json.read(caller.call(Call.get(path, ""), 0).body());
  }
}
