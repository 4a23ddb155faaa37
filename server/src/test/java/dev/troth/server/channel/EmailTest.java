package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** E-mail from the API to a mailbox, and back by its links. */
final class EmailTest {
  private static final Pattern LINK = Pattern.compile("http://\\S+");

  private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @SuppressWarnings("NullAway.Init")
  private String[] ann;

  @BeforeEach
  void start() {
    mail.start();
    platform =
        TestPlatform.start(
            "auth.mode",
            "token",
            "watch.mail.host",
            "127.0.0.1",
            "watch.mail.port",
            Integer.toString(mail.getSmtp().getPort()),
            "watch.mail.tls",
            "none",
            "watch.mail.from",
            "troth@example.org");
    ann = bearer("ann");
  }

  @AfterEach
  void stop() {
    platform.close();
    mail.stop();
  }

  private String[] bearer(String user) {
    String body = "{\"user\":\"%s\",\"role\":\"member\"}".formatted(user);
    Answer answer =
        platform.post("/api/tokens", body, "Authorization", "Bearer " + platform.ownersToken());
    return new String[] {"Authorization", "Bearer " + answer.json().get("token").asString()};
  }

  private long add(String address) {
    Answer answer =
        platform.post(
            "/api/endpoints", "{\"channel\":\"email\",\"address\":\"%s\"}".formatted(address), ann);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.json().get("state").asString()).isEqualTo("unverified");
    assertThat(answer.json().has("secret")).isFalse();
    return answer.json().get("id").asLong();
  }

  private void watch() {
    String wish = "{\"target\":\"record/1\",\"channels\":[\"email\"]}";
    assertThat(platform.post("/api/watches", wish, ann).status()).isEqualTo(201);
  }

  /** By somebody else, since nobody is told of their own changes. */
  private void update(String value) {
    assertThat(
            platform
                .post(
                    "/api/update/1",
                    "{\"value\":\"%s\"}".formatted(value),
                    "Authorization",
                    "Bearer " + platform.ownersToken())
                .status())
        .isEqualTo(200);
  }

  private MimeMessage message(int number) {
    await().until(() -> mail.getReceivedMessages().length >= number);
    return mail.getReceivedMessages()[number - 1];
  }

  private static String part(MimeMessage message, int number)
      throws IOException, MessagingException {
    return (String) ((Multipart) message.getContent()).getBodyPart(number).getContent();
  }

  private static String path(String text, String way) {
    Matcher link = LINK.matcher(text);
    while (link.find()) {
      URI uri = URI.create(link.group());
      if (uri.getPath().startsWith(way)) {
        return uri.getPath();
      }
    }
    throw new AssertionError("no link to " + way + " in " + text);
  }

  private void confirm(int message) throws Exception {
    String link = path(part(message(message), 0), "/confirm/");
    assertThat(platform.post(link, "", "Content-Type", "text/plain").status()).isEqualTo(200);
  }

  private String state() {
    return platform.get("/api/endpoints", ann).json().at("/items/0/state").asString();
  }

  @Test
  void anAddressGetsNothingButALinkBeforeItsReaderConfirmsIt() throws Exception {
    long id = add("ann@example.org");
    watch();
    update("unheard");
    await()
        .until(
            () -> platform.get("/api/deliveries", ann).body().contains("has not confirmed it yet"));
    Answer test = platform.post("/api/endpoints/%d/test".formatted(id), "", ann);
    assertThat(test.json().get("delivered").asBoolean()).isFalse();
    assertThat(platform.post("/api/endpoints/%d/enable".formatted(id), "", ann).status())
        .isEqualTo(409);
    assertThat(mail.getReceivedMessages()).hasSize(1);

    String link = path(part(message(1), 0), "/confirm/");
    Answer looked = platform.get(link, "Accept", "text/html");
    assertThat(looked.status()).isEqualTo(200);
    assertThat(looked.body())
        .contains("Confirm ann@example.org", "ann wants to receive notifications");
    assertThat(state()).as("after a program looked at the link").isEqualTo("unverified");
    char last = link.charAt(link.length() - 2);
    String forged = link.substring(0, link.length() - 2) + (last == 'A' ? "B" : "A") + "A";
    assertThat(platform.post(forged, "").status()).isEqualTo(404);
    assertThat(state()).isEqualTo("unverified");

    assertThat(platform.post(link, "").body()).contains("ann@example.org is confirmed");
    assertThat(state()).isEqualTo("active");
    update("heard");
    assertThat(message(2).getSubject())
        .isEqualTo("Demo Record: value changed from unheard to heard by owner");
    assertThat(mail.getReceivedMessages()).hasSize(2);
  }

  @Test
  void aLinkThatConfirmsCountsForADayAndForTheAddressThatItWasSentTo() throws Exception {
    var _ = add("ann@example.org");
    String old = path(part(message(1), 0), "/confirm/");
    var _ = add("other@example.org");
    assertThat(platform.post(old, "").body()).contains("no longer counts");
    String late = path(part(message(2), 0), "/confirm/");
    platform.clock().advance(Duration.ofHours(24));
    assertThat(platform.post(late, "").body()).contains("no longer counts");
    assertThat(state()).isEqualTo("unverified");
  }

  @Test
  void nobodyHasManyConfirmationsSentToOthers() {
    for (int i = 0; i < 5; i++) {
      long id = add("victim" + i + "@example.org");
      assertThat(id).isPositive();
    }
    Answer refused =
        platform.post(
            "/api/endpoints", "{\"channel\":\"email\",\"address\":\"v@example.org\"}", ann);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(platform.get("/api/endpoints", ann).body())
        .contains("victim4@example.org")
        .doesNotContain("v@example.org\"");
    assertThat(mail.getReceivedMessages()).hasSize(5);
  }

  @Test
  void whoAsksForAnothersAddressTakesNothingFromItsOwnerAndDoesNotFloodIt() {
    String owners = "{\"channel\":\"email\",\"address\":\"owner@example.org\"}";
    List<Integer> statuses = new ArrayList<>();
    for (int user = 0; user < 8; user++) {
      String[] stranger = bearer("stranger" + user);
      for (int i = 0; i < 5; i++) {
        // In another spelling each time: mail knows no case.
        String spelled = i % 2 == 0 ? owners : owners.replace("owner@", "OWNER@");
        statuses.add(platform.post("/api/endpoints", spelled, stranger).status());
      }
    }
    assertThat(statuses.subList(0, 5)).as("one's share").containsExactly(201, 201, 201, 429, 429);
    int sent = (int) statuses.stream().filter(status -> status == 201).count();
    assertThat(sent).as("ten to the address, and the first link of each user").isBetween(10, 18);
    assertThat(mail.getReceivedMessages()).hasSize(sent);
    assertThat(platform.post("/api/endpoints", owners, bearer("owner")).status()).isEqualTo(201);
    assertThat(mail.getReceivedMessages()).hasSize(sent + 1);
  }

  @Test
  void aUserWhoIsNamedAsTheirAddressHasTheSharesOfEverybody() {
    String[] owner = bearer("owner@example.org");
    String body = "{\"channel\":\"email\",\"address\":\"owner@example.org\"}";
    for (int i = 0; i < 3; i++) {
      assertThat(platform.post("/api/endpoints", body, owner).status()).isEqualTo(201);
    }
  }

  @Test
  void aChangeArrivesOnceInAMessageThatMailProgramsThreadAndThatOpensItsSubject() throws Exception {
    var _ = add("ann@example.org");
    confirm(1);
    watch();
    update("a <b> & c");
    MimeMessage first = message(2);
    update("second");
    MimeMessage second = message(3);
    String key =
        platform.get("/api/deliveries?state=delivered", ann).json().at("/items/1/key").asString();
    assertThat(first.getMessageID()).isEqualTo("<" + key + "@example.org>");
    assertThat(first.getHeader("References")).hasSize(1).isEqualTo(second.getHeader("References"));
    assertThat(first.getFrom()[0]).hasToString("troth@example.org");
    assertThat(first.getRecipients(Message.RecipientType.TO)[0]).hasToString("ann@example.org");
    assertThat(first.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(first.getHeader("List-Unsubscribe-Post"))
        .containsExactly("List-Unsubscribe=One-Click");
    String text = part(first, 0);
    assertThat(text)
        .contains(
            "Subject: record/1", "value: Initial Value → a <b> & c", "your watch of record/1");
    assertThat(part(first, 1)).contains("a &lt;b&gt; &amp; c").doesNotContain("<b>");
    Answer opened = platform.get(path(text, "/go/"), ann);
    assertThat(opened.status()).isEqualTo(303);
    assertThat(opened.header("Location")).isEqualTo("/records/1");
    assertThat(mail.getReceivedMessages()).hasSize(3);
  }

  @Test
  void oneClickUnsubscribesWithoutALoginAndLookingDoesNot() throws Exception {
    var _ = add("ann@example.org");
    confirm(1);
    watch();
    update("a");
    String header = message(2).getHeader("List-Unsubscribe")[0];
    assertThat(header).startsWith("<http://127.0.0.1:").endsWith(">").hasSizeLessThan(200);
    String link = URI.create(header.substring(1, header.length() - 1)).getPath();
    assertThat(platform.get(link).body()).contains("Stop messages about record/1");
    update("b");
    assertThat(message(3).getSubject()).contains("to b by");

    Answer clicked =
        platform.post(
            link,
            "List-Unsubscribe=One-Click",
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertThat(clicked.status()).isEqualTo(200);
    assertThat(clicked.body()).contains("You are unsubscribed");
    assertThat(platform.post(link, "").status()).as("a second time").isEqualTo(200);
    update("c");
    await().until(() -> platform.get("/api/inbox", ann).body().contains("to c by"));
    assertThat(mail.getReceivedMessages()).hasSize(3);
    assertThat(platform.get("/api/watches", ann).body()).contains("record/1");
  }

  @Test
  void oneClickEndsDigestsAndAllElseOnTheirChannel() throws Exception {
    var _ = add("ann@example.org");
    confirm(1);
    watch();
    String team = "{\"target\":\"record/*\",\"channels\":[\"email\"]}";
    String owner = "Bearer " + platform.ownersToken();
    assertThat(platform.put("/api/groups/team", "{\"members\":[\"ann\"]}", "Authorization", owner))
        .returns(200, Answer::status);
    assertThat(platform.post("/api/groups/team/watches", team, "Authorization", owner).status())
        .isBetween(200, 201);
    assertThat(platform.put("/api/preferences", "{\"digest\":\"1h\"}", ann).status())
        .isEqualTo(200);
    update("a");
    update("b");
    String owed = "/api/deliveries?state=pending";
    await().until(() -> platform.get(owed, ann).json().get("items").size() == 2);
    platform.clock().advance(Duration.ofHours(1));
    MimeMessage digest = message(2);
    assertThat(digest.getSubject()).isEqualTo("2 changes of 1 subject");
    assertThat(digest.getHeader("List-Unsubscribe-Post"))
        .containsExactly("List-Unsubscribe=One-Click");
    String header = digest.getHeader("List-Unsubscribe")[0];
    String link = URI.create(header.substring(1, header.length() - 1)).getPath();
    assertThat(part(digest, 0)).contains("No more e-mail at all: ");
    assertThat(platform.get(link).body()).contains("Stop all messages to email");
    String[] form = {"Content-Type", "application/x-www-form-urlencoded"};
    Answer clicked = platform.post(link, "List-Unsubscribe=One-Click", form);
    assertThat(clicked.body()).contains("You are unsubscribed");
    assertThat(platform.post(link, "", form).body()).as("again").contains("You are unsubscribed");
    update("c");
    await().until(() -> platform.get("/api/inbox", ann).body().contains("to c by"));
    platform.clock().advance(Duration.ofHours(1));
    assertThat(mail.getReceivedMessages()).hasSize(2);
  }

  @Test
  void noTextEndsAHeaderAndEveryAlphabetArrives() throws Exception {
    var _ = add("ann@example.org");
    confirm(1);
    String wish = "{\"target\":\"record/*\",\"channels\":[\"email\"]}";
    assertThat(platform.post("/api/watches", wish, ann).status()).isEqualTo(201);
    String record = "{\"name\":\"Pümpe 水\\r\\nBcc: eve@example.org\\r\\n\\r\\nx\",\"value\":\"v\"}";
    assertThat(
            platform
                .post("/api/records", record, "Authorization", "Bearer " + platform.ownersToken())
                .status())
        .isEqualTo(201);
    MimeMessage message = message(2);
    assertThat(message.getSubject()).startsWith("Pümpe 水 Bcc: eve@example.org x");
    assertThat(message.getHeader("Bcc")).isNull();
    assertThat(GreenMailUtil.getHeaders(message)).doesNotContain("\nBcc");
    String controls = "{\"name\":\"x\\u0007y\\u2028z\",\"value\":\"v\"}";
    assertThat(
            platform
                .post("/api/records", controls, "Authorization", "Bearer " + platform.ownersToken())
                .status())
        .isEqualTo(201);
    assertThat(message(3).getSubject()).isEqualTo("x y z was created by owner");
    for (String address :
        List.of(
            "ann@example.org\\r\\nBcc: eve@example.org",
            "a@b.org, c@d.org",
            "ann",
            "Ann <ann@example.org>",
            "@example.org",
            "a..b@example.org",
            "")) {
      Answer refused =
          platform.post(
              "/api/endpoints",
              "{\"channel\":\"email/x\",\"address\":\"%s\"}".formatted(address),
              ann);
      assertThat(refused.status()).as(address).isEqualTo(422);
    }
  }

  @Test
  void aUserWhoMayNoLongerReadOfASubjectIsNotSentWhatWaited() throws Exception {
    // Ann becomes an admin, watches what admins may read of, and loses that role again.
    var _ = add("ann@example.org");
    confirm(1);
    Answer admin =
        platform.post(
            "/api/tokens",
            "{\"user\":\"ann\",\"role\":\"admin\"}",
            "Authorization",
            "Bearer " + platform.ownersToken());
    String[] asAdmin = {"Authorization", "Bearer " + admin.json().get("token").asString()};
    String wish = "{\"target\":\"configuration/shop\",\"channels\":[\"email\"]}";
    assertThat(platform.post("/api/watches", wish, asAdmin).status()).isEqualTo(201);
    mail.stop();
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"configuration/shop\"}";
    assertThat(
            platform
                .post(
                    "/api/events",
                    event,
                    "Content-Type",
                    "application/cloudevents+json",
                    "Authorization",
                    "Bearer " + platform.ownersToken())
                .status())
        .isEqualTo(200);
    await()
        .until(() ->
            !platform
                .get("/api/deliveries?state=pending", ann)
                .json()
                .at("/items/0/note")
                .asString("")
                .isEmpty());
    String id = admin.json().get("id").asString();
    assertThat(
            platform
                .delete("/api/tokens/" + id, "Authorization", "Bearer " + platform.ownersToken())
                .status())
        .isEqualTo(204);
    platform.clock().advance(Duration.ofSeconds(5));
    await()
        .until(
            () -> platform.get("/api/deliveries?state=pending", ann).json().get("items").isEmpty());
    assertThat(platform.get("/api/deliveries?state=delivered", ann).json().get("items")).isEmpty();
    assertThat(platform.get("/api/deliveries", ann).json().get("items")).isEmpty();
  }
}
