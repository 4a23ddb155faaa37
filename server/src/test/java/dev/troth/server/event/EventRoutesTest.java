package dev.troth.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class EventRoutesTest {
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String GOOD =
      """
      {"specversion":"1.0","id":"%s","source":"/orders/handler","type":"order_placed",
       "subject":"order/7","time":"2026-03-01T12:00:00Z","datacontenttype":"application/json",
       "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       "data":{"orderId":"7","amountCents":1250,"items":[{"sku":"t"}],"note":null}}
      """;

  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private Answer send(String type, String body, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Content-Type";
    all[1] = type;
    return platform.send("POST", "/api/events", body, all);
  }

  private JsonNode newest() {
    return platform.get("/api/subjects/changes").json().at("/items/0");
  }

  @Test
  void aStructuredEventBecomesAChangeWithItsAttributesBeside() {
    Answer answer = send(STRUCTURED, GOOD.formatted("1"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("duplicate").asBoolean()).isFalse();
    JsonNode change = newest();
    assertThat(change.get("subject").asString()).isEqualTo("order/7");
    assertThat(change.get("type").asString()).isEqualTo("order_placed");
    assertThat(change.get("actor").asString()).isEqualTo("/orders/handler");
    assertThat(change.at("/after/amountCents").asInt()).isEqualTo(1250);
    assertThat(change.at("/after/items/0/sku").asString()).isEqualTo("t");
    assertThat(change.at("/after").has("note")).isTrue();
    assertThat(change.at("/event/id").asString()).isEqualTo("1");
    assertThat(change.at("/event/traceparent").asString()).startsWith("00-4bf9");
  }

  @Test
  void theSameEventTwiceIsOneChange() {
    long seq = send(STRUCTURED, GOOD.formatted("1")).json().get("seq").asLong();
    Answer again = send(STRUCTURED, GOOD.formatted("1"));
    assertThat(again.json().get("duplicate").asBoolean()).isTrue();
    assertThat(again.json().get("seq").asLong()).isEqualTo(seq);
    assertThat(newest().get("version").asInt()).isEqualTo(1);
  }

  @Test
  void aBinaryEventIsReadFromItsHeaders() {
    Answer answer =
        send(
            "application/json",
            "{\"price\":9}",
            "ce-specversion",
            "1.0",
            "ce-id",
            "b1",
            "ce-source",
            "/shop",
            "ce-type",
            "price.set",
            "ce-subject",
            "item/caf%C3%A9");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(newest().get("subject").asString()).isEqualTo("item/café");
    assertThat(newest().at("/after/price").asInt()).isEqualTo(9);
    assertThat(newest().at("/event/datacontenttype").asString()).isEqualTo("application/json");
  }

  @Test
  void aBatchTakesWhatIsGoodAndNamesTheRest() {
    String bad = GOOD.formatted("x").replace("\"1.0\"", "\"0.3\"");
    Answer answer =
        send(BATCH, "[" + GOOD.formatted("1") + "," + bad + "," + GOOD.formatted("1") + "]");
    assertThat(answer.status()).isEqualTo(207);
    assertThat(answer.header("Troth-Failed-Entries")).isEqualTo("1");
    assertThat(answer.json().get("accepted").asInt()).isEqualTo(2);
    assertThat(answer.json().at("/results/1/detail").asString())
        .isEqualTo("specversion is '0.3', expected 1.0");
    assertThat(answer.json().at("/results/2/duplicate").asBoolean()).isTrue();
    assertThat(newest().get("version").asInt()).isEqualTo(1);
  }

  @Test
  void aBatchOfWhichNothingIsGoodIsAProblem() {
    Answer answer = send(BATCH, "[{},1]");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString())
        .isEqualTo("none of the 2 events was taken; the first: specversion is '', expected 1.0");
    assertThat(answer.json().get("results")).hasSize(2);
    assertThat(send(BATCH, "[]").status()).isEqualTo(400);
    assertThat(send(BATCH, "{}").status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "id":"1"          | "id":""           | 422 | id is missing, expected a text
          "type":"order_placed", | `  `         | 422 | type is missing, expected a text
          "2026-03-01T12:00:00Z" | "yesterday"  | 422 | time is 'yesterday', expected RFC 3339
          "traceparent"     | "traceParent"     | 422 | attribute name is 'traceParent', expected
          "subject":"order/7" | "subject":"a b" | 422 | subject id is 'a b', expected
          "data":{          | "data_base64":"eA==","data":{ | 422 | the event has data and data_base64
          "id":"1"          | "id":{}           | 422 | id is {}, expected a text, number or boolean
          "id":"1"          | "id":"1","id":"2" | 400 | the body is not the JSON expected: Duplicate
          """)
  void anEventThatIsNotAsCloudEventsWantItIsRefused(
      String part, String instead, int status, String detail) {
    Answer answer = send(STRUCTURED, GOOD.formatted("1").replace(part, instead));
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.json().get("detail").asString()).startsWith(detail);
    assertThat(platform.get("/api/subjects").json().get("items")).isEmpty();
  }

  @Test
  void anEventTooLargeIsRefused() {
    String large = GOOD.formatted("1").replace("\"t\"", "\"" + "x".repeat(70_000) + "\"");
    Answer answer = send(STRUCTURED, large);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString()).contains("expected at most 65536");
  }

  @Test
  void aBodyThatIsNoEventIsRefusedByItsType() {
    assertThat(send("application/json", "{}").status()).isEqualTo(415);
  }
}
