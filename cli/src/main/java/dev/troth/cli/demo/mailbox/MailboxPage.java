package dev.troth.cli.demo.mailbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /demo/mailbox} on loopback: the letters as plain text, their links to this machine
 * clickable. It has no script, takes nothing, and answers to loopback's names alone.
 */
public final class MailboxPage implements AutoCloseable {
  private static final Pattern LINK =
      Pattern.compile("http://(?:127\\.0\\.0\\.1|localhost):\\d+[^\\s&]*");
  private static final Pattern HOST = Pattern.compile("(localhost|127\\.0\\.0\\.1)(:\\d+)?");
  private static final String PATH = "/demo/mailbox";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4, daemons());
  private final Mailbox mailbox;

  private MailboxPage(HttpServer server, Mailbox mailbox) {
    this.server = server;
    this.mailbox = mailbox;
  }

  /** Opens the page on a port; 0 takes a free one. */
  public static MailboxPage open(int port, Mailbox mailbox) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    MailboxPage page = new MailboxPage(server, mailbox);
    server.createContext("/", page::answer);
    server.setExecutor(page.threads);
    server.start();
    return page;
  }

  private static ThreadFactory daemons() {
    return Thread.ofPlatform().name("demo-mailbox").daemon(true).factory();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String host = exchange.getRequestHeaders().getFirst("Host");
      if (host == null || !HOST.matcher(host).matches()) {
        send(exchange, 403, "text/plain", "Host is not a loopback name.\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, "text/plain", "Only GET.\n");
      } else if (!exchange.getRequestURI().getPath().equals(PATH)) {
        send(exchange, 404, "text/plain", "The mailbox is at " + PATH + ".\n");
      } else {
        send(exchange, 200, "text/html", html());
      }
    }
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

  private String html() {
    StringBuilder page =
        new StringBuilder(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="5">
            <title>Mailbox of the demo</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 800px; margin: 0 auto; padding: 24px; }
            article { border-top: 1px solid #8886; padding: 16px 0; }
            h2 { font-size: 17px; margin: 0; overflow-wrap: anywhere; }
            p { margin: 4px 0; opacity: .75; }
            pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 8px 0 0; }
            </style>
            <h1>Mailbox of the demo</h1>
            """);
    var letters = mailbox.newestFirst();
    page.append("<p>")
        .append(mailbox.taken())
        .append(" came since the start; it forgets them when the demo ends.</p>");
    for (Letter letter : letters) {
      page.append("<article><h2>")
          .append(escaped(letter.subject()))
          .append("</h2><p>to ")
          .append(escaped(letter.to()))
          .append(" at ")
          .append(letter.at().truncatedTo(ChronoUnit.SECONDS))
          .append("</p><pre>")
          .append(linked(escaped(letter.text())))
          .append("</pre></article>\n");
    }
    return page.append("</html>\n").toString();
  }

  private static String linked(String escaped) {
    return LINK.matcher(escaped)
        .replaceAll(
            link -> Matcher.quoteReplacement("<a href=\"%1$s\">%1$s</a>".formatted(link.group())));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
