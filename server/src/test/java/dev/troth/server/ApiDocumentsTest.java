package dev.troth.server;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The answers of the API about records, watches and who is told, to the letter. */
class ApiDocumentsTest {
  private final TestPlatform platform = TestPlatform.start();
  private final ApiDocuments api = new ApiDocuments(platform);

  @AfterEach
  void stop() {
    platform.close();
  }

  private void asAnother(String path, String json) {
    var _ = platform.post(path, json, "Authorization", "Bearer " + platform.ownersToken());
  }

  @Test
  void records() {
    api.get("/api/records");
    api.post(
        "/api/records",
        "{\"name\":\"Pump\",\"value\":\"on\",\"fields\":{\"bar\":2.50,\"ok\":true}}");
    api.get("/api/records/2");
    api.say("PUT", "/api/records/7", "{\"name\":\"Valve\"}", "Idempotency-Key", "k1");
    api.say("PUT", "/api/records/7", "{\"name\":\"Valve\"}", "Idempotency-Key", "k1");
    api.say("PUT", "/api/records/7", "{\"name\":\"Other\"}", "Idempotency-Key", "k1");
    api.say(
        "PUT", "/api/records/7", "{\"name\":\"Valve\",\"value\":\"shut\"}", "If-Match", "\"1\"");
    api.say(
        "PUT", "/api/records/7", "{\"name\":\"Valve\",\"value\":\"open\"}", "If-Match", "\"1\"");
    api.say("PATCH", "/api/records/2", "{\"fields\":{\"bar\":null,\"at\":\"north\"}}");
    api.get("/api/records?limit=2");
    api.say("DELETE", "/api/records/2", null);
    api.get("/api/records/2");
    api.get("/api/records/x");
    api.say("PATCH", "/api/records/9", "{}");
    api.post("/api/records", "{\"value\":\"no name\"}");
    api.post("/api/records", "{\"name\":\"x\",\"fields\":{\"name\":\"twice\"}}");
    api.post("/api/records", "{\"name\":\"x\",\"colour\":\"red\"}");
    api.areThoseOf("records");
  }

  @Test
  void theOriginalRoutes() {
    api.get("/api/record/1");
    api.get("/api/record/9");
    api.post("/api/watch/1", "{\"user\":\"ann\"}");
    api.post("/api/watch/1", "{\"user\":\"ann\"}");
    api.post("/api/watch/9", "{\"user\":\"ann\"}");
    api.post("/api/watch/1", "{}");
    api.post("/api/update/1", "{\"value\":\"b\"}");
    api.post("/api/update/1", "{\"value\":7}");
    api.post("/api/update/9", "{\"value\":\"b\"}");
    api.areThoseOf("original");
  }

  @Test
  void watches() {
    api.post("/api/watches", "{\"target\":\"record/1\"}");
    api.post("/api/watches", "{\"target\":\"record/1\"}");
    api.post("/api/watches", "{\"target\":\"order/*\",\"channels\":[\"inbox\",\"pigeon\"]}");
    api.post(
        "/api/watches",
        "{\"target\":\"order/*\",\"user\":\"ann\",\"types\":[\"order_placed\"],\"channels\":[\"inbox\",\"console\"]}");
    api.get("/api/watches");
    api.get("/api/watches?user=ann");
    api.get("/api/watches/1");
    api.say("PATCH", "/api/watches/1", "{\"level\":\"participating\"}");
    api.say("PATCH", "/api/watches/1", "{\"level\":\"loud\"}");
    api.say("PATCH", "/api/watches/1", "{\"target\":\"*\"}");
    api.post("/api/watches/1/mute", "{\"until\":\"2026-03-02T00:00:00Z\"}");
    api.post("/api/watches/1/mute", "{\"until\":\"soon\"}");
    api.say("DELETE", "/api/watches/1/mute", null);
    api.post(
        "/api/watches/bulk",
        "{\"watches\":[{\"target\":\"record/1\"},{\"target\":\"slo/orders\"},{\"target\":\"?\"},{}]}");
    api.post("/api/watches/bulk", "{\"watches\":[]}");
    api.post("/api/watches", "{}");
    api.say("DELETE", "/api/watches/1", null);
    api.say("DELETE", "/api/watches/1", null);
    api.get("/api/watches/99");
    api.areThoseOf("watches");
  }

  @Test
  void theInbox() {
    var _ = platform.post("/api/watches", "{\"target\":\"record/*\"}");
    asAnother("/api/update/1", "{\"value\":\"b\"}");
    asAnother("/api/update/1", "{\"value\":\"c\"}");
    asAnother("/api/records", "{\"name\":\"Pump\",\"fields\":{\"bar\":2}}");
    api.get("/api/inbox");
    api.get("/api/inbox?limit=1");
    api.get("/api/inbox/unread");
    api.post("/api/inbox/2/read", "");
    api.post("/api/inbox/3/done", "");
    api.get("/api/inbox?state=done");
    api.post("/api/inbox/3/undo", "");
    api.post("/api/inbox/2/unread", "");
    api.post("/api/inbox/9/read", "");
    api.post("/api/inbox/read?upto=2", "");
    api.get("/api/inbox?state=unread");
    api.get("/api/inbox?state=lost");
    api.areThoseOf("inbox");
  }

  @Test
  void subjectsAndTheirChanges() {
    var _ = platform.post("/api/update/1", "{\"value\":\"b\"}");
    var _ = platform.post("/api/watches", "{\"target\":\"record/1\"}");
    var _ = platform.delete("/api/records/1");
    var _ =
        platform.send(
            "POST",
            "/api/events",
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"order/7\",\"data\":{\"n\":1}}",
            "Content-Type",
            "application/cloudevents+json");
    api.get("/api/subjects");
    api.get("/api/subjects?prefix=rec&limit=1");
    api.get("/api/subjects/one?subject=record/1");
    api.get("/api/subjects/one?subject=record/9");
    api.get("/api/subjects/one?subject=record");
    api.get("/api/subjects/changes");
    api.get("/api/subjects/changes?target=record/*&limit=1");
    api.get("/api/subjects/changes?target=record/1&before=2");
    api.areThoseOf("subjects");
  }

  @Test
  void endpoints() {
    api.post("/api/endpoints", "{\"address\":\"http://127.0.0.1:9/hook\"}");
    api.post(
        "/api/endpoints", "{\"channel\":\"webhook/ops\",\"address\":\"https://example.org/hook\"}");
    api.post("/api/endpoints", "{\"channel\":\"pigeon\",\"address\":\"http://127.0.0.1:9\"}");
    api.post("/api/endpoints", "{\"address\":\"ftp://example.org\"}");
    api.post(
        "/api/endpoints",
        "{\"channel\":\"slack\",\"address\":\"https://hooks.example/services/T/B/x\"}");
    api.post(
        "/api/endpoints",
        "{\"channel\":\"slack\",\"address\":\"https://x.example/\",\"secret\":\"whsec_x\"}");
    api.post("/api/endpoints", "{\"channel\":\"email\",\"address\":\"ann@example.org\"}");
    api.get("/api/endpoints");
    api.post("/api/endpoints/1/rotate", "");
    api.post("/api/endpoints/1/enable", "");
    api.post("/api/endpoints/9/enable", "");
    api.post("/api/endpoints/1/confirmation", "");
    api.post("/api/endpoints/3/rotate", "");
    api.say("DELETE", "/api/endpoints/1", null);
    api.say("DELETE", "/api/endpoints/1", null);
    api.areThoseOf("endpoints");
  }

  /** An e-mail address waits for its reader; here no mail server takes its link. */
  @Test
  void addressesThatAreConfirmed() {
    String[] mail = {
      "watch.mail.host",
      "127.0.0.1",
      "watch.mail.port",
      "9",
      "watch.mail.tls",
      "none",
      "watch.mail.from",
      "troth@example.org"
    };
    try (TestPlatform sending = TestPlatform.start(mail)) {
      ApiDocuments documents = new ApiDocuments(sending);
      documents.post("/api/endpoints", "{\"channel\":\"email\",\"address\":\"ann@example.org\"}");
      documents.post("/api/endpoints", "{\"channel\":\"email\",\"address\":\"Ann\"}");
      documents.post("/api/endpoints/1/test", "");
      documents.post("/api/endpoints/1/enable", "");
      documents.post("/api/endpoints/1/confirmation", "");
      documents.get("/api/endpoints");
      documents.get("/confirm/x");
      documents.areThoseOf("confirmed");
    }
  }

  @Test
  void deliveries() {
    platform.watchWithoutAddress("developer", "record/1");
    asAnother("/api/update/1", "{\"value\":\"b\"}");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !platform.get("/api/deliveries").json().at("/items/0").isMissingNode());
    String key = platform.get("/api/deliveries").json().at("/items/0/key").asString();
    api.get("/api/deliveries");
    api.get("/api/deliveries?state=delivered");
    api.get("/api/deliveries?state=lost");
    api.post("/api/deliveries/none/replay", "");
    api.post("/api/deliveries/" + key + "/replay", "");
    api.post("/api/deliveries/replay?channel=none", "");
    api.areThoseOf("deliveries");
  }

  @Test
  void events() {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"order/7\",\"data\":%s}";
    String[] one = {"Content-Type", "application/cloudevents+json"};
    String[] batch = {"Content-Type", "application/cloudevents-batch+json"};
    api.post("/api/events", event.formatted("1", "{\"n\":1}"), one);
    api.post("/api/events", event.formatted("1", "{\"n\":1}"), one);
    api.post("/api/events", "{\"id\":\"2\"}", one);
    api.post("/api/events", "{}");
    api.post("/api/events", "[" + event.formatted("3", "3") + ",{\"id\":\"4\"}]", batch);
    api.post("/api/events", "[{\"id\":\"4\"}]", batch);
    api.post("/api/events", "{}", batch);
    api.areThoseOf("events");
  }

  @Test
  void tokensAndSessions() {
    api.get("/api/me");
    api.get("/api/tokens");
    String token =
        api.post(
                "/api/tokens",
                "{\"user\":\"ann\",\"role\":\"member\",\"life\":\"2d\",\"note\":\"n\"}")
            .json()
            .path("token")
            .asString();
    String[] ann = {"Authorization", "Bearer " + token};
    api.get("/api/me", ann);
    api.get("/api/tokens", ann);
    api.post("/api/tokens", "{\"user\":\"bob\",\"role\":\"member\"}", ann);
    for (String wrong :
        List.of(
            "{\"role\":\"member\"}",
            "{\"user\":\"bob\",\"role\":\"king\"}",
            "{\"user\":\"bob\",\"role\":\"reader\",\"life\":\"soon\"}",
            "{\"user\":\"bob\",\"role\":\"reader\",\"life\":\"9000d\"}")) {
      api.post("/api/tokens", wrong);
    }
    api.post("/api/session", "{\"token\":\"%s\"}".formatted(token));
    api.post("/api/session", "{\"token\":\"x\"}");
    String id = platform.get("/api/tokens").json().at("/tokens/0/id").asString();
    api.say("DELETE", "/api/tokens/none", null);
    api.say("DELETE", "/api/tokens/" + id, null);
    api.get("/api/tokens");
    api.get("/api/records", ann);
    api.areThoseOf("tokens");
  }

  @Test
  void theAuditLog() {
    api.post("/api/records", "{\"name\":\"Pump\"}");
    asAnother("/api/update/1", "{\"value\":\"b\"}");
    api.get("/api/audit?target=record/*&limit=1");
    api.get("/api/audit?user=developer");
    api.get("/api/audit?before=x");
    api.get("/api/audit", "Authorization", "Bearer " + platform.ownersToken());
    api.areThoseOf("audit");
  }

  @Test
  void whyAndSources() {
    api.post("/api/watches", "{\"target\":\"record/1\",\"channels\":[\"console\"]}");
    asAnother("/api/update/1", "{\"value\":\"b\"}");
    api.get("/api/changes/1/why?user=ann");
    api.get("/api/changes/2/why");
    String hook =
        "\"kind\":\"webhook\",\"hook\":{\"scheme\":\"github\",\"secret\":\"0123456789abcdef\"}";
    api.post("/api/sources", "{\"name\":\"repo\"," + hook + "}");
    api.post("/api/sources", "{\"name\":\"repo\"," + hook + "}");
    api.post("/api/sources/repo/pause", "");
    api.get("/api/sources/repo");
    api.get("/api/sources");
    api.post("/api/sources/repo/test", "");
    api.post("/api/sources", "{\"name\":\"web\",\"url\":\"file:///x\"}");
    api.say("DELETE", "/api/sources/repo", null);
    api.say("DELETE", "/api/sources/repo", null);
    api.areThoseOf("why-and-sources");
  }
}
