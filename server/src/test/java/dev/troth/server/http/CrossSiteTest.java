package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page of another site can do with the session of whoever opens it: nothing. */
class CrossSiteTest {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final List<String> PAGES =
      List.of(
          "/",
          "/objectives",
          "/traces",
          "/records/1",
          "/inbox",
          "/watches",
          "/settings",
          "/login",
          "/go/record/1",
          "/unknown?x=1",
          "/api/inbox",
          "/api/watches",
          "/api/tokens",
          "/api/records",
          "/api/subjects/changes?target=record/*");

  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");
  private String cookie = "";

  /** A request of a form or a script. */
  private record Write(String method, String path, String type, String body) {}

  private static final List<Write> WRITES =
      List.of(
          new Write("POST", "/records/1", FORM, "do=update&value=stolen"),
          new Write("POST", "/inbox", FORM, "do=read-all"),
          new Write("POST", "/watches", FORM, "do=add&target=record/*"),
          new Write("POST", "/logout", FORM, ""),
          new Write("POST", "/api/update/1", "application/json", "{\"value\":\"stolen\"}"),
          new Write("POST", "/api/update/1", "text/plain", "{\"value\":\"stolen\"}"),
          new Write("PUT", "/api/records/1", "application/json", "{\"value\":\"stolen\"}"),
          new Write("DELETE", "/api/records/1", "application/json", "{}"),
          new Write("POST", "/api/watches", "application/json", "{\"target\":\"record/1\"}"),
          new Write("POST", "/api/inbox/read", "application/json", "{}"),
          new Write("DELETE", "/api/session", "application/json", "{}"));

  @BeforeEach
  void somebodyIsSignedInAndHasANotification() {
    Answer token = platform.post("/api/tokens", "{\"user\":\"ada\",\"role\":\"admin\"}", bearer());
    String text = token.json().path("token").asString();
    cookie =
        platform
            .post("/api/session", "{\"token\":\"%s\"}".formatted(text))
            .header("Set-Cookie")
            .split(";", 2)[0];
    platform.post("/api/watches", "{\"target\":\"record/*\",\"user\":\"ada\"}", bearer());
    platform.post("/api/update/1", "{\"value\":\"told\"}", bearer());
    await()
        .untilAsserted(() ->
            assertThat(platform.get("/api/inbox/unread", "Cookie", cookie).body()).contains(":1"));
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private String[] bearer() {
    return new String[] {"Authorization", "Bearer " + platform.ownersToken()};
  }

  /** All that is stored. */
  private String stored() {
    return platform
        .database()
        .read(handle -> {
          List<String> rows = new ArrayList<>();
          for (String table : platform.tables(handle)) {
            handle
                .createQuery("SELECT * FROM \"" + table + "\"")
                .mapToMap()
                .forEach(row -> rows.add(table + row));
          }
          return String.join("\n", rows);
        });
  }

  private Answer from(@Nullable String origin, Write write) {
    List<String> headers = new ArrayList<>(List.of("Cookie", cookie, "Content-Type", write.type));
    if (origin != null) {
      headers.addAll(List.of("Origin", origin));
    }
    return platform.send(write.method, write.path, write.body, headers.toArray(String[]::new));
  }

  @Test
  void noWriteOfAnotherSiteIsTaken() {
    String before = stored();
    for (Write write : WRITES) {
      for (String origin :
          new @Nullable String[] {
            null, "null", "https://evil.example", "http://127.0.0.1:1", "http://localhost.evil"
          }) {
        assertThat(from(origin, write).status()).as("%s from %s", write, origin).isIn(403, 415);
      }
    }
    assertThat(stored()).isEqualTo(before);
    Write own = WRITES.getFirst();
    assertThat(from("http://127.0.0.1:" + platform.port(), own).status())
        .as("the site's own form")
        .isEqualTo(303);
    assertThat(stored()).isNotEqualTo(before);
  }

  @Test
  void noLinkOfAnotherSiteChangesAnything() {
    String before = stored();
    String notification =
        platform.get("/api/inbox", "Cookie", cookie).json().at("/items/0/id").asString();
    List<String> paths = new ArrayList<>(PAGES);
    paths.add("/go/record/1?notification=" + notification);
    for (String path : paths) {
      for (String method : List.of("GET", "HEAD")) {
        Answer answer =
            platform.send(
                method,
                path,
                null,
                "Cookie",
                cookie,
                "Sec-Fetch-Site",
                "cross-site",
                "Accept",
                "text/html");
        assertThat(answer.status()).as("%s %s", method, path).isLessThan(500);
      }
    }
    assertThat(stored()).isEqualTo(before);
  }
}
