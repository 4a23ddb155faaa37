package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.channel.SmtpDouble;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A platform that dies between sending an e-mail and noting that it was sent. */
final class MailKillTest {
  private static final Pattern ID = Pattern.compile("(?mi)^Message-ID: (.*)$");
  private static final Pattern LINK = Pattern.compile("/confirm/[A-Za-z0-9._-]+");

  @TempDir Path folder;

  private static String id(String message) {
    Matcher id = ID.matcher(message);
    assertThat(id.find()).as(message).isTrue();
    return id.group(1);
  }

  /** The link of the plain part, whose lines quoted-printable has broken. */
  private static String link(String message) {
    Matcher link = LINK.matcher(message.replace("=\n", ""));
    assertThat(link.find()).as(message).isTrue();
    return link.group().strip();
  }

  @Test
  void aKillBetweenSendingAndNotingItRepeatsTheMessageOnceUnderItsId() throws Exception {
    try (SmtpDouble server = new SmtpDouble()) {
      String[] settings = {
        "watch.mail.host",
        "127.0.0.1",
        "watch.mail.port",
        server.port(),
        "watch.mail.tls",
        "none",
        "watch.mail.from",
        "troth@example.org"
      };
      try (PlatformProcess platform = PlatformProcess.start(folder, settings)) {
        String address = "{\"user\":\"ann\",\"channel\":\"email\",\"address\":\"ann@example.org\"}";
        String json = "application/json";
        assertThat(platform.post("/api/endpoints", json, address)).isEqualTo(201);
        assertThat(platform.post(link(server.messages.getFirst()), "text/plain", ""))
            .isEqualTo(200);
        String wish = "{\"user\":\"ann\",\"target\":\"record/1\",\"channels\":[\"email\"]}";
        assertThat(platform.post("/api/watches", json, wish)).isEqualTo(201);
        // The server takes the message, and its answer never arrives.
        server.hangsAfterData = true;
        assertThat(platform.post("/api/update/1", json, "{\"value\":\"a\"}")).isEqualTo(200);
        await().until(() -> server.messages.size() == 2);
        platform.kill();
      }
      server.hangsAfterData = false;
      try (PlatformProcess platform = PlatformProcess.start(folder, settings)) {
        await()
            .until(() ->
                platform.get("/api/deliveries?user=ann&state=delivered").get("items").size() == 1);
      }
      List<String> ids = server.messages.stream().skip(1).map(MailKillTest::id).toList();
      assertThat(ids).hasSize(2);
      assertThat(ids.get(1)).isEqualTo(ids.get(0)).startsWith("<ntf_");
    }
  }
}
