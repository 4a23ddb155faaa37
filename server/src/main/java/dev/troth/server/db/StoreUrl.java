package dev.troth.server.db;

import dev.troth.server.ops.CannotStart;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** The JDBC URL of a PostgreSQL database; its parameters may hold a password. */
public record StoreUrl(String text) {

  /** What people call the database, without what may hold a password. */
  public String title() {
    return "database " + text.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
  }

  /** The user it names. */
  String user() {
    return parameters().getOrDefault("user", System.getProperty("user.name", "of this process"));
  }

  /**
   * Looks at its parameters: the driver passes over those that it does not know.
   *
   * @throws CannotStart naming the parameter, never the value of one that is unknown or unreadable
   */
  public void requireKnownParameters() {
    Map<String, String> parameters = parameters();
    if (Driver.parseURL(text, new Properties()) == null) {
      throw new CannotStart(
          "%s: not an address of the driver, expected jdbc:postgresql://HOST:PORT/DATABASE?user=USER"
              .formatted(title()));
    }
    parameters.forEach((name, value) -> {
      PGProperty known = PGProperty.forName(name);
      if (known == null) {
        throw new CannotStart(
            "%s: unknown parameter '%s', expected one of the driver's, such as user, password or sslmode"
                .formatted(title(), name));
      }
      String[] choices = known.getChoices();
      if (choices != null && List.of(choices).stream().noneMatch(value::equalsIgnoreCase)) {
        throw new CannotStart(
            "%s: parameter %s is '%s', expected one of %s"
                .formatted(title(), name, value, String.join(", ", choices)));
      }
    });
  }

  private Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    int begin = text.indexOf('?');
    if (begin < 0) {
      return parameters;
    }
    for (String pair : text.substring(begin + 1).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        parameters.put(
            equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : decoded(pair, equals));
      }
    }
    return parameters;
  }

  private String decoded(String pair, int equals) {
    try {
      return URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new CannotStart(
          "%s: parameter %s has a %% without two hexadecimal digits behind it, expected %%25"
              .formatted(title(), pair.substring(0, equals)));
    }
  }
}
