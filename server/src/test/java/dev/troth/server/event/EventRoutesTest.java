package dev.troth.server.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
  void anIdThatIsUsedAgainForSomethingElseIsRefusedAndNothingIsLostInSilence() {
    assertThat(send(STRUCTURED, GOOD.formatted("1")).status()).isEqualTo(200);
    Answer other = send(STRUCTURED, GOOD.formatted("1").replace("1250", "1251"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().get("detail").asString())
        .isEqualTo(
            "the event 1 of /orders/handler was taken before with other contents, as change 1");
    Answer batch =
        send(
            BATCH,
            "[" + GOOD.formatted("1").replace("1250", "1252") + "," + GOOD.formatted("2") + "]");
    assertThat(batch.status()).isEqualTo(207);
    assertThat(batch.json().at("/results/0/status").asInt()).isEqualTo(409);
    assertThat(newest().at("/event/id").asString()).isEqualTo("2");
  }

  @Test
  void anotherAttemptMayHaveAnotherTraceparent() {
    assertThat(send(STRUCTURED, GOOD.formatted("1")).status()).isEqualTo(200);
    Answer again = send(STRUCTURED, GOOD.formatted("1").replace("00-4bf9", "00-5cf9"));
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(again.json().get("duplicate").asBoolean()).isTrue();
  }

  @Test
  void nobodyTakesAnothersIdsAway() {
    try (TestPlatform closed = TestPlatform.start("auth.mode", "token")) {
      String[] mal = {
        "Content-Type", STRUCTURED, "Authorization", "Bearer " + member(closed, "mal")
      };
      String[] ci = {"Content-Type", STRUCTURED, "Authorization", "Bearer " + member(closed, "ci")};
      String junk = GOOD.formatted("1").replace("order/7", "junk/1");
      assertThat(closed.send("POST", "/api/events", junk, mal).status()).isEqualTo(200);
      Answer real = closed.send("POST", "/api/events", GOOD.formatted("1"), ci);
      assertThat(real.status()).isEqualTo(200);
      assertThat(real.json().get("duplicate").asBoolean()).isFalse();
      assertThat(real.json().get("subject").asString()).isEqualTo("order/7");
      assertThat(
              closed
                  .get(
                      "/api/subjects/one?subject=order/7",
                      "Authorization",
                      "Bearer " + closed.ownersToken())
                  .status())
          .isEqualTo(200);
    }
  }

  private static String member(TestPlatform platform, String user) {
    return platform
        .post(
            "/api/tokens",
            "{\"user\":\"%s\",\"role\":\"member\"}".formatted(user),
            "Authorization",
            "Bearer " + platform.ownersToken())
        .json()
        .get("token")
        .asString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slo/orders",
        "record/1",
        "endpoint/1",
        "token/a",
        "watch/1",
        "agent/h",
        "incident/i",
        "source/s",
        "feed/ann"
      })
  void whatThePlatformItselfSaysOfIsStatedByNobodyElse(String subject) {
    Answer answer = send(STRUCTURED, GOOD.formatted("1").replace("order/7", subject));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString())
        .startsWith(
            "subject is '%s', expected a type that is not the platform's own".formatted(subject));
  }

  @Test
  void numbersStayTheDecimalsThatTheyAre() {
    String exact = "123456789012345678901234567890.5";
    Answer answer = send(STRUCTURED, GOOD.formatted("1").replace("1250", exact));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(platform.get("/api/subjects/changes").body()).contains("\"amountCents\":" + exact);
    Answer small = send(STRUCTURED, GOOD.formatted("2").replace("1250", "0.1234567890123456789"));
    assertThat(small.status()).isEqualTo(200);
    assertThat(platform.get("/api/subjects/changes").body()).contains("0.1234567890123456789");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\u0000b", "\\ud800", "\\udc00x", "\\ud800\\u0041"})
  void aTextThatNoDatabaseKeepsIsRefused(String text) {
    Answer answer = platform.post("/api/records", "{\"name\":\"%s\"}".formatted(text));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(platform.post("/api/records", "{\"name\":\"\\ud83d\\ude00\"}").status())
        .isEqualTo(201);
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
    Answer none = send(BATCH, "[]");
    assertThat(none.status()).isEqualTo(200);
    assertThat(none.json().get("accepted").asInt()).isZero();
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
          "data":{          | "data_base64":"e?","more":{ | 422 | more is
          "data":{"orderId":"7","amountCents":1250,"items":[{"sku":"t"}],"note":null} | "data_base64":"e?" | 422 | data_base64 is not base64
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
  void anIdOfManyBytesIsRefusedBeforeADatabaseRefusesIt() {
    Answer answer = send(STRUCTURED, GOOD.formatted("漢".repeat(342)));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString())
        .contains("id has 1026 bytes, expected at most 1024");
    assertThat(send(STRUCTURED, GOOD.formatted("漢".repeat(341))).status()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsNoEventIsRefusedByItsType() {
    assertThat(send("application/json", "{}").status()).isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          my file.png      | event/my file.png
          order/my file    | order/my file
          order/a*b        | order/a%2Ab
          Order/1          | event/Order/1
          a b         | event/a b
          """)
  void aSubjectMayHaveBlanks(String subject, String expected) {
    Answer answer = send(STRUCTURED, GOOD.formatted("1").replace("order/7", subject));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(newest().get("subject").asString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "order/a%FFb,422",
    "order/a%C3,422",
    "order/a%zz,422",
    "order/a%2,422",
    "order/%C3%BC,200",
    "order/a%20b,200",
    "order/a+b,200"
  })
  void aHeaderThatIsNotPercentEncodedUtf8IsRefused(String subject, int status) {
    Answer answer =
        send(
            "application/json",
            "{}",
            "ce-specversion",
            "1.0",
            "ce-id",
            "1",
            "ce-source",
            "/s",
            "ce-type",
            "t",
            "ce-subject",
            subject);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    if (status == 200) {
      assertThat(newest().get("subject").asString())
          .isEqualTo(subject.replace("%C3%BC", "ü").replace("%20", " "));
    } else {
      assertThat(answer.json().get("detail").asString())
          .isEqualTo("ce-subject is '%s', expected percent-encoded UTF-8".formatted(subject));
    }
  }

  private int gzipped(byte[] plain) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    return packed(packed.toByteArray());
  }

  private int packed(byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(platform.uri("/api/events"))
            .header("Content-Type", STRUCTURED)
            .header("Content-Encoding", "gzip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return platform.client().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void aBodyMayBeGzip() throws Exception {
    assertThat(gzipped(GOOD.formatted("1").getBytes(StandardCharsets.UTF_8))).isEqualTo(200);
    assertThat(newest().get("subject").asString()).isEqualTo("order/7");
    assertThat(packed(GOOD.getBytes(StandardCharsets.UTF_8))).isEqualTo(400);
    assertThat(gzipped(new byte[2 << 20])).isEqualTo(413);
  }
}
