package dev.troth.server.rabbit;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A queue of a RabbitMQ broker: {@code amqps://watcher@mq.example:5671/shop/orders}, the virtual
 * host and the queue percent-encoded. Without a virtual host, as in {@code
 * amqps://watcher@mq.example/orders}, it is {@code /}.
 *
 * @param tls whether the broker is spoken to in TLS, with its name verified
 */
public record QueueAddress(
    boolean tls, String host, int port, String virtualHost, String queue, String user) {
  private static final int PLAIN_PORT = 5672;
  private static final int TLS_PORT = 5671;
  private static final String EXPECTED =
      "amqps://USER@HOST/QUEUE or amqps://USER@HOST/VHOST/QUEUE (amqp:// without TLS)";
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]+]");
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,255}");

  public QueueAddress {
    if (!HOST.matcher(host).matches() || port < 1 || port > 65_535) {
      throw expected("%s:%d".formatted(host, port));
    }
    for (String name : new String[] {virtualHost, queue, user}) {
      // AMQP's short strings have at most 255 bytes.
      if (!NAME.matcher(name).matches() || name.getBytes(StandardCharsets.UTF_8).length > 255) {
        throw expected("%s@…/%s/%s".formatted(user, virtualHost, queue));
      }
    }
  }

  /** Reads an address; a password in it is refused, because addresses are shown. */
  public static QueueAddress parse(String text) {
    URI address;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw expected("unreadable");
    }
    String user = address.getRawUserInfo();
    if (user != null && user.contains(":")) {
      throw new IllegalArgumentException(
          "url has a password, expected it in a file or a variable of its own");
    }
    boolean tls = "amqps".equals(address.getScheme());
    String path = Optional.ofNullable(address.getRawPath()).orElse("");
    String[] names = path.split("/", -1);
    if ((!tls && !"amqp".equals(address.getScheme()))
        || address.getHost() == null
        || user == null
        || names.length < 2
        || names.length > 3
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      throw expected(text.replaceFirst("[?#].*", ""));
    }
    int port = address.getPort() >= 0 ? address.getPort() : tls ? TLS_PORT : PLAIN_PORT;
    return new QueueAddress(
        tls,
        address.getHost(),
        port,
        names.length == 2 ? "/" : decoded(names[1]),
        decoded(names[names.length - 1]),
        decoded(user));
  }

  private static IllegalArgumentException expected(String found) {
    return new IllegalArgumentException("url is '%s', expected %s".formatted(found, EXPECTED));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** As people write it. */
  public String shown() {
    return "%s://%s@%s:%d/%s%s"
        .formatted(
            tls ? "amqps" : "amqp",
            encoded(user),
            host,
            port,
            virtualHost.equals("/") ? "" : encoded(virtualHost) + "/",
            encoded(queue));
  }
}
