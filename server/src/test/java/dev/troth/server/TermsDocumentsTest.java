package dev.troth.server;

import static org.awaitility.Awaitility.await;

import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The answers of the API about users' terms, groups, pages and streams, to the letter. */
class TermsDocumentsTest {
  private final TestPlatform platform = TestPlatform.start();
  private final ApiDocuments api = new ApiDocuments(platform);

  @AfterEach
  void stop() {
    platform.close();
  }

  @Test
  void preferences() {
    api.get("/api/preferences");
    api.say(
        "PATCH",
        "/api/preferences",
        "{\"zone\":\"Europe/Oslo\",\"locale\":\"nb-NO\",\"autowatch\":false}");
    api.say("PATCH", "/api/preferences", "{\"zone\":\"Mars\"}");
    api.say("PATCH", "/api/preferences", "{\"locale\":\"no such\"}");
    api.say(
        "PUT",
        "/api/preferences",
        "{\"quiet\":\"22:00-07:00\",\"pages\":true,\"limit\":\"20/1h\",\"send\":true}");
    api.say(
        "PUT",
        "/api/preferences",
        "{\"scope\":\"type:record\",\"channel\":\"slack\",\"digest\":\"cron 0 8 * * 1-5\",\"collapse\":true,"
            + "\"mutedUntil\":\"2026-03-01T13:00:00Z\"}");
    api.say("PUT", "/api/preferences", "{\"quiet\":\"always\"}");
    api.say(
        "PUT", "/api/preferences", "{\"channel\":\"webhook\",\"title\":\"{headline} at {at}\"}");
    api.say("PUT", "/api/preferences", "{\"title\":\"{secret}\"}");
    api.post("/api/preferences/preview", "{\"title\":\"{at}\"}");
    api.post("/api/update/1", "{\"value\":\"b\"}");
    api.post("/api/preferences/preview", "{\"title\":\"{subject}[ was {before.none}] at {at}\"}");
    api.post("/api/preferences/preview", "{\"title\":\"{headline}\",\"change\":9}");
    api.get("/api/preferences?user=developer");
    api.say("DELETE", "/api/preferences?scope=type:record&channel=slack", null);
    api.say("DELETE", "/api/preferences?scope=type:record&channel=slack", null);
    api.areThoseOf("preferences");
  }

  @Test
  void groups() {
    api.say("PUT", "/api/groups/ops", "{\"members\":[\"ann\",\"bob\"]}");
    api.say("PUT", "/api/groups/Ops", "{}");
    api.post("/api/groups/ops/watches", "{\"target\":\"slo/*\",\"types\":[\"alert.fired\"]}");
    api.post("/api/groups/ops/watches", "{}");
    api.post("/api/groups/none/watches", "{\"target\":\"slo/*\"}");
    api.get("/api/groups");
    api.get("/api/groups/ops");
    api.get("/api/groups/none");
    api.get("/api/watches?user=ann");
    api.say("DELETE", "/api/watches/1", null);
    api.say("DELETE", "/api/groups/ops/watches?target=slo/*", null);
    api.say("DELETE", "/api/groups/ops/watches?target=slo/*", null);
    api.say("DELETE", "/api/groups/ops", null);
    api.say("DELETE", "/api/groups/ops", null);
    api.areThoseOf("groups");
  }

  @Test
  void pages() {
    api.say(
        "PUT",
        "/api/escalations/orders",
        "{\"target\":\"slo/*\",\"line\":[\"ann\",\"bob\"],\"within\":60}");
    api.say("PUT", "/api/escalations/orders", "{\"target\":\"slo/*\"}");
    api.get("/api/escalations");
    var _ =
        platform
            .database()
            .write(handle ->
                platform
                    .changes()
                    .append(
                        handle,
                        NewChange.of(new Subject("slo", "orders"), "alert.fired", "slo")
                            .after(Fields.of("alert", "page", "name", "Orders"))
                            .critical()));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> platform.get("/api/pages").body().contains("\"to\""));
    api.get("/api/pages");
    api.get("/api/pages?state=lost");
    api.get("/api/pages/1");
    api.get("/api/pages/2");
    api.post("/api/pages/1/acknowledge", "");
    api.post("/api/pages/2/acknowledge", "");
    api.get("/api/pages?state=all&limit=1");
    api.say("DELETE", "/api/escalations/orders", null);
    api.say("DELETE", "/api/escalations/orders", null);
    api.areThoseOf("pages");
  }

  @Test
  void whatOtherConversationsLeaveOut() {
    api.post("/api/endpoints", "{\"address\":\"http://127.0.0.1:9/\"}");
    api.post("/api/endpoints", "{\"channel\":\"pigeon\"}");
    api.post("/api/endpoints/1/test", "");
    api.post("/api/endpoints/1/rotate", "");
    api.post("/api/endpoints/1/enable", "");
    api.post("/api/endpoints/9/enable", "");
    api.say("DELETE", "/api/endpoints/9", null);
    api.get("/api/deliveries/none/attempts");
    api.get("/api/feed");
    api.say("DELETE", "/api/feed", null);
    api.post("/api/sources", "{\"name\":\"w\"}");
    api.get("/api/sources");
    api.get("/api/sources/w");
    api.say("DELETE", "/api/sources/w", null);
    api.post("/api/inbox/9/read", "");
    api.get("/api/inbox/unread");
    api.get("/api/subjects?limit=1");
    api.get("/api/incidents/none");
    api.get("/api/objectives");
    api.get("/api/objectives/none");
    api.get("/api/traces");
    api.get("/api/traces/none");
    api.areThoseOf("beside");
  }
}
