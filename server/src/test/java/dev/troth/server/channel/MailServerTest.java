package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Mail servers that refuse, wait, hang, or cannot be trusted. */
final class MailServerTest {
  private final SmtpDouble server = new SmtpDouble();
  private final Receiver receiver = new Receiver();
  private final List<TestPlatform> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(TestPlatform::close);
    server.close();
    receiver.close();
  }

  private TestPlatform platform(String port, String tls, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "watch.mail.host",
                "127.0.0.1",
                "watch.mail.port",
                port,
                "watch.mail.tls",
                tls,
                "watch.mail.from",
                "troth@example.org",
                "watch.webhooks.allow",
                "127.0.0.1/32"));
    settings.addAll(List.of(more));
    TestPlatform platform = TestPlatform.start(settings.toArray(String[]::new));
    started.add(platform);
    return platform;
  }

  /** Adds an address of a user and takes it to be confirmed. */
  private static Answer add(TestPlatform platform, String user) {
    return platform.post(
        "/api/endpoints",
        "{\"user\":\"%1$s\",\"channel\":\"email\",\"address\":\"%1$s@example.org\"}"
            .formatted(user));
  }

  private static void confirmed(TestPlatform platform) {
    platform
        .database()
        .write(handle -> handle.execute("UPDATE endpoint SET state = 'ACTIVE', note = ''"));
  }

  private static void watch(TestPlatform platform, String user, String channel) {
    String wish = "{\"user\":\"%s\",\"target\":\"record/1\",\"channels\":[\"%s\"]}";
    assertThat(platform.post("/api/watches", wish.formatted(user, channel)).status())
        .isEqualTo(201);
  }

  private static void update(TestPlatform platform, String value) {
    assertThat(platform.post("/api/update/1", "{\"value\":\"%s\"}".formatted(value)).status())
        .isEqualTo(200);
  }

  private static String notes(TestPlatform platform, String state) {
    StringBuilder notes = new StringBuilder();
    for (JsonNode row :
        platform.get("/api/deliveries?user=ann&state=" + state).json().get("items")) {
      notes.append(row.get("attempts").asInt()).append(' ').append(row.get("note").asString());
    }
    return notes.toString();
  }

  @Test
  void aRefusalForNowIsTriedAgainAndOneForGoodIsADeadLetter() {
    TestPlatform platform = platform(server.port(), "none");
    var _ = add(platform, "ann");
    confirmed(platform);
    watch(platform, "ann", "email");
    server.answers.put("RCPT", "451 4.7.1 come back later");
    update(platform, "a");
    await().until(() -> notes(platform, "pending").equals("1 451 4.7.1 come back later"));
    server.answers.put("RCPT", "250 ok");
    platform.clock().advance(Duration.ofSeconds(5));
    await().until(() -> notes(platform, "delivered").equals("2 250 taken"));

    server.answers.put(".", "554 5.7.1 not wanted");
    update(platform, "b");
    await().until(() -> notes(platform, "dead").equals("1 554 5.7.1 not wanted"));
    assertThat(platform.get("/api/endpoints?user=ann").body()).contains("\"active\"");
  }

  @Test
  void aMailboxThatDoesNotExistDisablesTheAddressAndItsOwnerIsTold() {
    TestPlatform platform = platform(server.port(), "none");
    var _ = add(platform, "ann");
    confirmed(platform);
    watch(platform, "ann", "email");
    server.answers.put("RCPT", "550 5.1.1 no such user");
    update(platform, "a");
    await().until(() -> notes(platform, "dead").equals("1 550 5.1.1 no such user"));
    assertThat(platform.get("/api/endpoints?user=ann").body()).contains("\"disabled\"");
    assertThat(platform.get("/api/inbox?user=ann").body()).contains("endpoint.disabled");
  }

  @Test
  void aServerThatHangsIsCutOffAndHoldsNobodyUp() {
    TestPlatform platform = platform(server.port(), "none", "watch.mail.timeout", "20s");
    int many = 30;
    for (int i = 0; i < many; i++) {
      // As an admin adds them, in the store: each user has five confirmations an hour.
      String user = "user" + i;
      platform
          .database()
          .write(handle ->
              handle.execute(
                  "INSERT INTO endpoint (user_name, channel, address, secret, state, created_at)"
                      + " VALUES (?, 'email', ?, ?, 'ACTIVE', 0)",
                  user,
                  user + "@example.org",
                  "whsec_" + "A".repeat(32)));
      watch(platform, user, "email");
    }
    String hook = "{\"user\":\"quick\",\"address\":\"%s\"}".formatted(receiver.address());
    assertThat(platform.post("/api/endpoints", hook).status()).isEqualTo(201);
    watch(platform, "quick", "webhook");
    server.hangs = true;
    for (int i = 0; i < 12; i++) {
      update(platform, "v" + i);
    }
    await().until(() -> server.connections.get() >= 8);
    await().untilAsserted(() -> assertThat(receiver.got).hasSize(12));
    assertThat(server.connections).as("at a time").hasValue(8);
    assertThat(server.messages).isEmpty();
  }

  @Test
  void aServerThatHangsIsCutOffAfterItsTime() {
    TestPlatform platform = platform(server.port(), "none", "watch.mail.timeout", "500ms");
    server.hangs = true;
    Answer added = add(platform, "ann");
    assertThat(added.status()).isEqualTo(201);
    assertThat(added.json().get("note").asString()).startsWith("no link could be sent there: ");
    // Each line comes in time, and the last one never.
    server.hangs = false;
    server.drips = true;
    assertThat(add(platform, "bob").json().get("note").asString())
        .startsWith("no link could be sent there: ");
  }

  @Test
  void aServerThatTalksWithoutAnEndIsCutOff() {
    TestPlatform platform = platform(server.port(), "none", "watch.mail.timeout", "60s");
    server.floods = true;
    assertThat(add(platform, "ann").json().get("note").asString())
        .startsWith("no link could be sent there: ")
        .contains("said more than 1048576 bytes");
  }

  @Test
  void withoutTlsOrWithACertificateThatNobodyKnowsNothingIsSent() {
    TestPlatform plain = platform(server.port(), "starttls");
    assertThat(add(plain, "ann").json().get("note").asString())
        .contains("no link could be sent", "STARTTLS");
    GreenMail secured = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtps"));
    secured.start();
    try {
      TestPlatform platform = platform(Integer.toString(secured.getSmtps().getPort()), "implicit");
      assertThat(add(platform, "ann").json().get("note").asString())
          .contains("no link could be sent", "SSLHandshakeException");
      assertThat(secured.getReceivedMessages()).isEmpty();
    } finally {
      secured.stop();
    }
    assertThat(server.messages).isEmpty();
  }

  @Test
  void aPasswordThatIsRefusedWaitsForWhoeverRunsThePlatformAndIsSaidNowhere() {
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    mail.setUser("sender", "right");
    mail.start();
    try {
      TestPlatform platform =
          platform(
              Integer.toString(mail.getSmtp().getPort()),
              "none",
              "watch.mail.user",
              "sender",
              "watch.mail.password",
              "wrong-secret");
      Answer added = add(platform, "ann");
      assertThat(added.json().get("note").asString())
          .contains("the mail server does not let sender in")
          .doesNotContain("wrong-secret");
      confirmed(platform);
      watch(platform, "ann", "email");
      update(platform, "a");
      await().until(() -> notes(platform, "pending").contains("does not let sender in"));
    } finally {
      mail.stop();
    }
  }
}
