package dev.troth.cli.demo;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.demo.mailbox.Hooks;
import dev.troth.cli.demo.mailbox.Letter;
import dev.troth.cli.demo.mailbox.Mailbox;
import dev.troth.cli.demo.mailbox.MailboxPage;
import dev.troth.cli.demo.mailbox.SmtpSink;
import dev.troth.watch.webhook.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the demo's developer is told: a mailbox and a receiver of webhooks in this process. */
final class DemoMail implements AutoCloseable {
  private static final String ADDRESS = "developer@demo.example";
  private static final String WEBHOOK = "webhook/demo";
  private static final Pattern CONFIRM = Pattern.compile("http://\\S+/confirm/\\S+");
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Mailbox mailbox;
  private final SmtpSink sink;
  private final MailboxPage page;
  private final WebhookSecret secret;

  private DemoMail(Mailbox mailbox, SmtpSink sink, MailboxPage page, WebhookSecret secret) {
    this.mailbox = mailbox;
    this.sink = sink;
    this.page = page;
    this.secret = secret;
  }

  /** Opens the mailbox and what takes webhooks, on this port, or on a free one for 0. */
  static DemoMail open(int port) {
    Mailbox mailbox = new Mailbox();
    WebhookSecret secret = WebhookSecret.generate(new SecureRandom());
    try {
      SmtpSink sink = SmtpSink.open(mailbox, Clock.systemUTC());
      try {
        return new DemoMail(
            mailbox,
            sink,
            MailboxPage.open(port, mailbox, new Hooks(secret, InstantSource.system())),
            secret);
      } catch (IOException e) {
        sink.close();
        throw e;
      }
    } catch (IOException e) {
      throw CommandException.failed(
          "the mailbox cannot be opened on port %d: %s".formatted(port, e.getMessage()));
    }
  }

  /** The page. */
  URI uri() {
    return page.uri();
  }

  /** The channels by which the developer is told of objectives. */
  List<String> channels() {
    return List.of("inbox", "email", WEBHOOK);
  }

  /** Where webhooks are taken and shown. */
  URI webhook() {
    return page.webhook();
  }

  /** The settings of a platform that sends its mail here. */
  List<String> settings() {
    return List.of(
        "--watch-mail-host",
        "127.0.0.1",
        "--watch-mail-port",
        Integer.toString(sink.port()),
        "--watch-mail-tls",
        "none",
        "--watch-mail-from",
        "troth@demo.example",
        "--demo-address",
        page.uri().resolve("/").toString().replaceAll("/$", ""),
        // The one receiver of webhooks is this process.
        "--watch-webhooks-allow",
        "127.0.0.1/32");
  }

  /** Adds the developer's address and opens the link that came. */
  void subscribe(URI console) {
    ApiClient platform = new ApiClient(console, Optional.empty());
    Added added =
        platform
            .post("/api/endpoints", Map.of("channel", "email", "address", ADDRESS))
            .as(Added.class);
    // A start that ended behind it may have confirmed it: then no link comes.
    if (added.state().equals("unverified")) {
      confirm();
    }
  }

  /** Adds where webhooks are taken now: neither the port nor the secret is that of the last run. */
  void takeWebhooks(URI console) {
    ApiClient platform = new ApiClient(console, Optional.empty());
    for (Endpoint endpoint : platform.get("/api/endpoints").as(Endpoints.class).items()) {
      if (endpoint.channel().equals(WEBHOOK)) {
        var _ = platform.delete("/api/endpoints/" + endpoint.id());
      }
    }
    var _ =
        platform.post(
            "/api/endpoints",
            Map.of(
                "channel",
                WEBHOOK,
                "address",
                page.webhook().toString(),
                "secret",
                secret.reveal()));
  }

  private record Endpoint(long id, String channel) {}

  private record Endpoints(List<Endpoint> items) {}

  private record Added(String state) {}

  private void confirm() {
    try {
      Optional<Letter> letter = mailbox.await(found -> CONFIRM.matcher(found.text()).find(), SOON);
      Matcher link = CONFIRM.matcher(letter.map(Letter::text).orElse(""));
      if (!link.find()) {
        throw CommandException.failed("no link to confirm %s came by mail".formatted(ADDRESS));
      }
      try (HttpClient client = HttpClient.newHttpClient()) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create(link.group()))
                    .timeout(SOON)
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw CommandException.failed(
              "%s could not be confirmed: %s".formatted(ADDRESS, answer.body()));
        }
      }
    } catch (IOException e) {
      throw CommandException.failed(
          "%s could not be confirmed: %s".formatted(ADDRESS, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted");
    }
  }

  @Override
  public void close() {
    page.close();
    sink.close();
  }
}
