package dev.troth.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Rows may be long: an answer has as many as can be held, and all answers share what there is. */
@Timeout(180)
class LongAnswersTest {
  private static final int RECORDS = 40;

  /**
   * A page holds a million characters and the row that was one too many: four bytes each at most.
   */
  private static final int LONGEST = 6_000_000;

  private static final Pattern OLDER =
      Pattern.compile("href=\"([^\"]*[?]before=[^\"]+)\" data-hidden=\"no\"");

  private final TestPlatform platform =
      TestPlatform.start("limits.body", "2MiB", "limits.bodies", "8MiB");
  private final List<Socket> open = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    platform.close();
  }

  private void write(int version) {
    for (int id = 1; id <= RECORDS; id++) {
      write(id, version);
    }
  }

  private void write(int id, int version) {
    String text = Integer.toString(version) + "中".repeat(65_000);
    Answer put =
        platform.put(
            "/api/records/" + id,
            "{\"name\":\"r\",\"value\":\"%s\",\"fields\":{\"a\":\"%s\"}}".formatted(text, text));
    assertThat(put.status()).as(put.body()).isBetween(200, 201);
  }

  /** What a list holds, page by page, by a member of its items. */
  private Set<String> all(String list, String cursor, String member) {
    Set<String> found = new HashSet<>();
    String more = "";
    do {
      Answer answer = platform.get(list + more);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body().length()).as(list).isLessThan(LONGEST / 3);
      JsonNode page = answer.json();
      page.get("items")
          .forEach(item -> assertThat(found.add(item.get(member).asString())).isTrue());
      more = page.has("next") ? "&%s=%s".formatted(cursor, page.get("next").asString()) : "";
    } while (!more.isEmpty());
    return found;
  }

  @Test
  void aPageOfLongRowsEndsEarlyAndTheNextGoesOn() {
    platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"record/*\"}");
    write(1);
    write(2);
    assertThat(all("/api/records?limit=500", "after", "id")).hasSize(RECORDS);
    assertThat(all("/api/subjects/changes?target=record/*&limit=200", "before", "seq"))
        .hasSize(2 * RECORDS);
    assertThat(all("/api/inbox?user=ann&limit=200", "before", "seq")).hasSize(2 * RECORDS);
    assertThat(platform.post("/api/inbox/3/read?user=ann", "").status()).isEqualTo(200);
    assertThat(all("/api/inbox?user=ann&state=unread&limit=200", "before", "seq"))
        .hasSize(2 * RECORDS - 1);
    platform.restart();
    assertThat(all("/api/inbox?user=ann&state=unread&limit=200", "before", "seq"))
        .hasSize(2 * RECORDS - 1);
  }

  /** A history that ends early would look as if nothing had happened before. */
  @Test
  void thePageOfARecordLeadsToItsOlderChanges() {
    for (int version = 1; version <= 7; version++) {
      write(1, version);
    }
    Set<String> seen = new HashSet<>();
    String path = "/records/1";
    int pages = 0;
    while (!path.isEmpty()) {
      String page = platform.get(path, "Accept", "text/html").body();
      Matcher values = Pattern.compile("[1-7](?=中)").matcher(page);
      while (values.find()) {
        seen.add(values.group());
      }
      Matcher older = OLDER.matcher(page);
      path = older.find() ? older.group(1) : "";
      pages++;
    }
    assertThat(pages).isEqualTo(2);
    assertThat(seen).hasSize(7);
  }

  @Test
  void longAnswersShareWhatBodiesMayHold() throws IOException {
    write(1);
    // All but nothing of this client's share is held by bodies that do not end.
    String part = "x".repeat(2_000_000);
    for (int i = 0; i < 3; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), platform.port());
      open.add(socket);
      socket
          .getOutputStream()
          .write(
              ("POST /api/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 2000009\r\n\r\n"
                      + part)
                  .getBytes(ISO_8859_1));
    }
    Awaitility.await().until(() -> platform.get("/api/records?limit=500").status() != 200);
    Answer refused = platform.get("/api/records?limit=500");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.body()).contains("the platform holds as many long answers as it can");
    Answer one = platform.get("/api/records/1");
    assertThat(one.status()).isEqualTo(429);
    assertThat(one.body()).contains("the long answers that you are reading are too many");
    assertThat(platform.get("/api/watches").status()).isEqualTo(200);
    for (Socket socket : open) {
      socket.close();
    }
    Awaitility.await().until(() -> platform.get("/api/records?limit=500").status() == 200);
  }
}
