package dev.troth.cli.demo;

import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.demo.mailbox.Letter;
import dev.troth.cli.demo.mailbox.Mailbox;
import dev.troth.cli.demo.mailbox.MailboxPage;
import dev.troth.cli.demo.mailbox.SmtpSink;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo's mail: a mailbox in this process, and the developer's address there. */
final class DemoMail implements AutoCloseable {
  private static final String ADDRESS = "developer@demo.example";
  private static final Pattern CONFIRM = Pattern.compile("http://\\S+/confirm/\\S+");
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Mailbox mailbox;
  private final SmtpSink sink;
  private final MailboxPage page;

  private DemoMail(Mailbox mailbox, SmtpSink sink, MailboxPage page) {
    this.mailbox = mailbox;
    this.sink = sink;
    this.page = page;
  }

  /** Opens the mailbox; its page is on this port, or on a free one for 0. */
  static DemoMail open(int port) {
    Mailbox mailbox = new Mailbox();
    try {
      SmtpSink sink = SmtpSink.open(mailbox, Clock.systemUTC());
      try {
        return new DemoMail(mailbox, sink, MailboxPage.open(port, mailbox));
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
        "troth@demo.example");
  }

  /** Adds the developer's address, opens the link that came, and has objectives told there. */
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
    var _ = platform.post("/api/watches", Map.of("target", "slo/*", "channels", List.of("email")));
  }

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
