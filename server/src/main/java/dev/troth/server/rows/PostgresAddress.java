package dev.troth.server.rows;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A database of a PostgreSQL server: {@code postgresql://watcher@db.example:5432/shop}. Nothing
 * else of the driver's settings can be said here: some of them load classes or read files.
 *
 * @param tls how the connection is kept secret: one of the driver's words, such as {@code
 *     verify-full}
 */
public record PostgresAddress(String host, int port, String database, String user, String tls) {
  private static final int USUAL_PORT = 5432;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]+]");
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}/?#&]{1,63}");
  private static final Set<String> TLS =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  public PostgresAddress {
    if (!HOST.matcher(host).matches() || port < 1 || port > 65_535) {
      throw expected("%s:%d".formatted(host, port));
    }
    if (!NAME.matcher(database).matches() || !NAME.matcher(user).matches()) {
      throw expected("%s@…/%s".formatted(user, database));
    }
    if (!TLS.contains(tls)) {
      throw new IllegalArgumentException(
          "sslmode is '%s', expected disable, allow, prefer, require, verify-ca or verify-full"
              .formatted(tls));
    }
  }

  /** Reads an address; a password in it is refused, because addresses are shown. */
  public static PostgresAddress parse(String text) {
    URI address;
    try {
      address = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw expected("unreadable");
    }
    String user = address.getRawUserInfo();
    if (user != null && user.contains(":")) {
      throw new IllegalArgumentException(
          "url has a password, expected it in a file of its own or in ~/.pgpass");
    }
    if (!"postgresql".equals(address.getScheme())
        || address.getHost() == null
        || user == null
        || address.getRawPath() == null
        || address.getRawPath().length() < 2
        || address.getRawFragment() != null) {
      throw expected(text.replaceFirst("\\?.*", ""));
    }
    String query = address.getRawQuery();
    if (query != null && !query.matches("sslmode=[a-z-]+")) {
      throw new IllegalArgumentException(
          "url has parameters, expected none but sslmode, such as ?sslmode=verify-full");
    }
    return new PostgresAddress(
        address.getHost(),
        address.getPort() < 0 ? USUAL_PORT : address.getPort(),
        decoded(address.getRawPath().substring(1)),
        decoded(user),
        query == null ? "prefer" : query.substring("sslmode=".length()));
  }

  private static IllegalArgumentException expected(String found) {
    return new IllegalArgumentException(
        "url is '%s', expected postgresql://USER@HOST/DATABASE".formatted(found));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  String jdbc() {
    return "jdbc:postgresql://%s:%d/%s".formatted(host, port, encoded(database));
  }

  /** As people write it. */
  public String shown() {
    return "postgresql://%s@%s:%d/%s".formatted(encoded(user), host, port, encoded(database));
  }
}
