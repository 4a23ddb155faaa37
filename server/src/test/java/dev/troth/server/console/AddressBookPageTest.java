package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import jakarta.mail.Multipart;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The address book in the settings page, by forms without scripts. */
final class AddressBookPageTest {
  private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));

  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @BeforeEach
  void start() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    mail.start();
    platform =
        TestPlatform.start(
            "watch.mail.host",
            "127.0.0.1",
            "watch.mail.port",
            Integer.toString(mail.getSmtp().getPort()),
            "watch.mail.tls",
            "none",
            "watch.mail.from",
            "troth@example.org");
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
    mail.stop();
  }

  private Answer form(String path, String... fields) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return platform.post(
        path,
        body.toString(),
        "Content-Type",
        "application/x-www-form-urlencoded",
        "Origin",
        "http://127.0.0.1:" + platform.port(),
        "Accept",
        "text/html");
  }

  private String page() {
    return platform.get("/settings", "Accept", "text/html").body();
  }

  @Test
  void anAddressIsAddedConfirmedTestedAndRemovedWithoutScripts() throws Exception {
    assertThat(page())
        .contains(
            "You are told in the inbox alone",
            "webhook, slack, teams, discord, ntfy, pagerduty, alertmanager, email");
    Answer added = form("/settings", "do", "add", "channel", "email", "address", "ann@example.org");
    assertThat(added.status()).isEqualTo(303);
    assertThat(page())
        .contains("ann@example.org", "unverified", "a link was sent there", "Send link again");

    String text =
        (String)
            ((Multipart) mail.getReceivedMessages()[0].getContent()).getBodyPart(0).getContent();
    Matcher link = Pattern.compile("/confirm/\\S+").matcher(text);
    assertThat(link.find()).isTrue();
    Answer offered = platform.get(link.group(), "Accept", "text/html");
    assertThat(offered.body()).contains("<form method=\"post\"", "Confirm</button>");
    assertThat(form(link.group()).body()).contains("ann@example.org is confirmed");

    assertThat(form("/settings", "do", "test", "id", "1").status()).isEqualTo(303);
    assertThat(page()).contains("active", "test sent: 250");
    assertThat(mail.getReceivedMessages()).hasSize(2);
    assertThat(form("/settings", "do", "forget", "id", "1").status()).isEqualTo(303);
    assertThat(page()).doesNotContain("ann@example.org");
  }

  @Test
  void aWebhookWithoutASecretIsOfferedOneThatItsOwnerCanKeep() {
    String address = "https://hooks.example/one";
    Answer asked = form("/settings", "do", "add", "channel", "webhook", "address", address);
    assertThat(asked.status()).isEqualTo(422);
    Matcher secret = Pattern.compile("whsec_[A-Za-z0-9+/=]+").matcher(asked.body());
    assertThat(secret.find()).isTrue();
    Answer added =
        form(
            "/settings",
            "do",
            "add",
            "channel",
            "webhook",
            "address",
            address,
            "secret",
            secret.group());
    assertThat(added.status()).as(added.body()).isEqualTo(303);
    assertThat(page()).contains(address).doesNotContain(secret.group());
  }

  @Test
  void aLinkDoesOnlyWhatItsWaySays() throws Exception {
    form("/settings", "do", "add", "channel", "email", "address", "ann@example.org");
    String text =
        (String)
            ((Multipart) mail.getReceivedMessages()[0].getContent()).getBodyPart(0).getContent();
    Matcher link = Pattern.compile("/confirm/(\\S+)").matcher(text);
    assertThat(link.find()).isTrue();
    assertThat(form("/unsubscribe/" + link.group(1)).status()).isEqualTo(404);
    assertThat(page()).contains("unverified");
  }

  @Test
  void whatIsWrongIsSaidInAPage() {
    Answer wrong = form("/settings", "do", "add", "channel", "email", "address", "ann");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body()).contains("expected one mailbox such as ann@example.org");
    assertThat(form("/settings", "do", "dance", "id", "1").status()).isEqualTo(400);
    Answer broken = platform.get("/unsubscribe/x.y", "Accept", "text/html");
    assertThat(broken.status()).isEqualTo(404);
    assertThat(broken.body()).contains("not one that this platform sent");
  }

  @Test
  void aFeedIsMadeGivenANewLinkAndRemovedWithoutScripts() {
    assertThat(page()).contains("Make a feed");
    assertThat(form("/settings", "do", "feed").status()).isEqualTo(303);
    String first = feed();
    assertThat(platform.get(first).status()).isEqualTo(200);
    assertThat(form("/settings", "do", "feed").status()).isEqualTo(303);
    assertThat(feed()).isNotEqualTo(first);
    assertThat(form("/settings", "do", "unfeed").status()).isEqualTo(303);
    assertThat(page()).doesNotContain("href=\"/feed/");
  }

  /** Where the page's feed leads. */
  private String feed() {
    Matcher link = Pattern.compile("href=\"(/feed/[^\"]+)\"").matcher(page());
    assertThat(link.find()).isTrue();
    return link.group(1);
  }
}
