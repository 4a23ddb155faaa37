package dev.troth.cli.demo.mailbox;

import static java.time.temporal.ChronoUnit.SECONDS;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troth.watch.webhook.SignatureCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /demo/mailbox} and {@code /demo/webhook} on loopback: what came, as plain text with links
 * to this machine, or as JSON for who accepts it. It has no script, takes nothing but signed
 * webhooks, and answers to loopback's names alone.
 */
public final class MailboxPage implements AutoCloseable {
  private static final Pattern HOST = Pattern.compile("(localhost|127\\.0\\.0\\.1)(:\\d+)?");
  private static final String PATH = "/demo/mailbox";
  private static final String HOOKS = "/demo/webhook";
  private static final int LONGEST_HOOK = 256 * 1024;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4, daemons());
  private final Mailbox mailbox;
  private final Hooks hooks;

  private MailboxPage(HttpServer server, Mailbox mailbox, Hooks hooks) {
    this.server = server;
    this.mailbox = mailbox;
    this.hooks = hooks;
  }

  /** Opens the page on a port; 0 takes a free one. */
  public static MailboxPage open(int port, Mailbox mailbox, Hooks hooks) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    MailboxPage page = new MailboxPage(server, mailbox, hooks);
    server.createContext("/", page::answer);
    server.setExecutor(page.threads);
    server.start();
    return page;
  }

  private static ThreadFactory daemons() {
    return Thread.ofPlatform().name("demo-mailbox").daemon(true).factory();
  }

  /** Where letters are shown. */
  public URI uri() {
    return at(PATH);
  }

  /** Where webhooks are taken, and shown. */
  public URI webhook() {
    return at(HOOKS);
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getRequestHeaders();
      String host = headers.getFirst("Host");
      String what = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      boolean json = String.valueOf(headers.getFirst("Accept")).contains("application/json");
      if (host == null || !HOST.matcher(host).matches()) {
        send(exchange, 403, "text/plain", "Host is not a loopback name.\n");
        return;
      }
      switch (what) {
        case "GET " + PATH -> show(exchange, json, mailbox.newestFirst(), this::letters);
        case "GET " + HOOKS -> show(exchange, json, hooks.newestFirst(), this::webhooks);
        case "POST " + HOOKS -> take(exchange);
        default ->
            send(
                exchange,
                404,
                "text/plain",
                "There is no %s. The mailbox is at %s, the webhooks at %s.\n"
                    .formatted(what, PATH, HOOKS));
      }
    }
  }

  private static void show(
      HttpExchange exchange, boolean json, List<?> found, Supplier<String> html)
      throws IOException {
    if (json) {
      send(exchange, 200, "application/json", JsonMapper.shared().writeValueAsString(found));
    } else {
      send(exchange, 200, "text/html", html.get());
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    byte[] body = exchange.getRequestBody().readNBytes(LONGEST_HOOK + 1);
    SignatureCheck.Message message =
        new SignatureCheck.Message(
            orEmpty(headers.getFirst("webhook-id")),
            orEmpty(headers.getFirst("webhook-timestamp")),
            orEmpty(headers.getFirst("webhook-signature")));
    if (body.length > LONGEST_HOOK) {
      send(exchange, 413, "text/plain", "Longer than %d bytes.\n".formatted(LONGEST_HOOK));
    } else if (hooks.take(message, body)) {
      send(exchange, 200, "text/plain", "Taken.\n");
    } else {
      send(exchange, 401, "text/plain", "The signature is not that of the demo's secret.\n");
    }
  }

  private static String orEmpty(@Nullable String header) {
    return header == null ? "" : header;
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange
        .getResponseHeaders()
        .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private String letters() {
    Html page =
        new Html(
            "Mailbox of the demo",
            mailbox.taken() + " came since the start; it forgets them when the demo ends.");
    for (Letter letter : mailbox.newestFirst()) {
      String note = "to %s at %s".formatted(letter.to(), letter.at().truncatedTo(SECONDS));
      var _ = page.article(key(letter.id()), letter.subject(), note, letter.text());
    }
    return page.end();
  }

  /** The key of the notification, which its message is named after. */
  private static String key(String id) {
    return id.replaceAll("^<|@.*$", "");
  }

  private String webhooks() {
    Html page =
        new Html(
            "Webhooks of the demo",
            "What came with the right signature; it forgets them when the demo ends.");
    for (Hook hook : hooks.newestFirst()) {
      String note = "signed, at " + hook.at().truncatedTo(SECONDS);
      var _ = page.article(hook.id(), hook.id(), note, hook.text());
    }
    return page.end();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
