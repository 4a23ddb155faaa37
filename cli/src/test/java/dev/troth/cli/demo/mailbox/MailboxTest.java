package dev.troth.cli.demo.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.webhook.WebhookRequest;
import dev.troth.watch.webhook.WebhookSecret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The demo's mailbox takes mail, keeps a bounded part of it, and shows it to this machine. */
final class MailboxTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Mailbox mailbox = new Mailbox();
  private final WebhookSecret secret = WebhookSecret.generate(new SecureRandom());

  @SuppressWarnings("NullAway.Init")
  private SmtpSink sink;

  @SuppressWarnings("NullAway.Init")
  private MailboxPage page;

  @BeforeEach
  void open() throws IOException {
    sink = SmtpSink.open(mailbox, () -> NOW);
    page = MailboxPage.open(0, mailbox, new Hooks(secret, () -> NOW));
  }

  @AfterEach
  void close() {
    page.close();
    sink.close();
  }

  /** Sends lines and returns the last answer. */
  private String say(String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), sink.port())) {
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      OutputStream out = socket.getOutputStream();
      String answer = in.readLine();
      boolean data = false;
      for (String line : lines) {
        out.write((line + "\r\n").getBytes(UTF_8));
        out.flush();
        if (!data || line.equals(".")) {
          do {
            answer = in.readLine();
          } while (answer != null && answer.startsWith("250-"));
          data = line.equals("DATA") && answer != null && answer.startsWith("354");
        }
      }
      return String.valueOf(answer);
    }
  }

  private String send(String subject, String text) throws IOException {
    return say(
        "EHLO x",
        "MAIL FROM:<a@b.org>",
        "RCPT TO:<ann@example.org>",
        "DATA",
        "Subject: " + subject,
        "",
        text,
        ".");
  }

  /** The status line, and all that follows it. */
  private String get(String target, String host) throws IOException {
    URI uri = page.uri();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(target, host)
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void aMessageIsShownAsTextAndItsLinksToThisMachineCanBeClicked() throws IOException {
    assertThat(send("A <b>bold</b> one", "Open it: http://127.0.0.1:4000/go/slo/orders <script>"))
        .startsWith("250");
    String shown = get("/demo/mailbox", "127.0.0.1:4104");
    assertThat(shown)
        .startsWith("HTTP/1.1 200")
        .contains(
            "A &lt;b&gt;bold&lt;/b&gt; one",
            "<a href=\"http://127.0.0.1:4000/go/slo/orders\">",
            "to ann@example.org at 2026-03-01T12:00:00Z",
            "&lt;script&gt;",
            "default-src 'none'")
        .doesNotContain("<script");
    assertThat(get("/demo/mailbox", "evil.example")).startsWith("HTTP/1.1 403");
    assertThat(get("/", "localhost")).startsWith("HTTP/1.1 404");
  }

  @Test
  void whatIsTooLongOrTooManyIsNotKept() throws IOException {
    String line = "x".repeat(4_000);
    String text = String.join("\r\n", Collections.nCopies(80, line));
    assertThat(send("long", text)).startsWith("552");
    assertThat(say("EHLO x", "DATA")).startsWith("503");
    for (int i = 0; i < 101; i++) {
      assertThat(send("number " + i + ".", "t")).startsWith("250");
    }
    assertThat(mailbox.newestFirst()).hasSize(100);
    assertThat(mailbox.taken()).isEqualTo(101);
    assertThat(get("/demo/mailbox", "localhost"))
        .contains("number 100.", "number 1.")
        .doesNotContain("number 0.");
  }

  private int hook(WebhookSecret signer, String id, String body) throws Exception {
    WebhookRequest signed =
        WebhookRequest.signed(new NotificationKey(id), NOW, body, List.of(signer));
    HttpRequest.Builder post =
        HttpRequest.newBuilder(page.webhook())
            .POST(HttpRequest.BodyPublishers.ofString(signed.body()));
    signed.headers().forEach(post::header);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(post.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void onlyWebhooksWithTheRightSignatureAreTakenEachOnce() throws Exception {
    String id = "ntf_aaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    assertThat(hook(secret, id, "{\"n\":1}")).isEqualTo(200);
    assertThat(hook(secret, id, "{\"n\":1}")).isEqualTo(200);
    assertThat(hook(WebhookSecret.generate(new SecureRandom()), "ntf_b", "{\"n\":2}"))
        .isEqualTo(401);
    String shown = get("/demo/webhook", "localhost");
    assertThat(shown).containsOnlyOnce("<article").contains(id, "{&quot;n&quot;:1}");
  }
}
