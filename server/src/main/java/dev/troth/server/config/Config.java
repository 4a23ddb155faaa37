package dev.troth.server.config;

import dev.troth.server.http.ListenAddress;
import dev.troth.server.http.Listener;
import dev.troth.watch.webhook.AddressBlock;
import dev.troth.watch.webhook.AddressRule;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The platform's settings, typed and known to fit together.
 *
 * @param data the folder that holds all state
 */
public record Config(
    Path data, Http http, Auth auth, Listener.Limits limits, Watch watch, LogLevel logLevel) {

  /**
   * How the platform is reached.
   *
   * @param listen where the API and the console listen; empty if they do not
   * @param hosts host names accepted besides loopback's
   * @param corsOrigins origins whose pages may call the API
   */
  public record Http(
      Optional<ListenAddress> listen, List<String> hosts, List<String> corsOrigins) {}

  /** How callers are known. */
  public record Auth(
      AuthMode mode, String issuer, Duration tokenLongest, Duration sessionLongest) {}

  /**
   * What watch may do.
   *
   * @param reachable where webhooks may go
   * @param keep how long changes and deliveries are kept
   */
  public record Watch(AddressRule reachable, Duration keep) {}

  /** Whether callers have to say who they are. */
  public enum AuthMode {
    DEVELOPMENT,
    TOKEN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The settings as a record.
   *
   * @throws ConfigErrors when values do not fit together
   */
  public static Config of(Settings settings) {
    List<String> errors = new ArrayList<>();
    Config config =
        new Config(
            settings.get(Keys.DATA),
            new Http(
                settings.get(Keys.HTTP_LISTEN),
                settings.get(Keys.HTTP_HOSTS),
                settings.get(Keys.CORS_ORIGINS)),
            new Auth(
                settings.get(Keys.AUTH_MODE),
                settings.get(Keys.AUTH_ISSUER),
                settings.get(Keys.TOKEN_LONGEST),
                settings.get(Keys.SESSION_LONGEST)),
            new Listener.Limits(
                settings.get(Keys.BODY),
                settings.get(Keys.CONNECTIONS),
                settings.get(Keys.REQUESTS),
                settings.get(Keys.IDLE),
                settings.get(Keys.DRAIN)),
            new Watch(new AddressRule(blocks(settings, errors)), settings.get(Keys.WATCH_KEEP)),
            settings.get(Keys.LOG_LEVEL));
    requireLoopbackIfOpen(config.auth(), settings, Keys.HTTP_LISTEN, errors);
    for (String origin : config.http().corsOrigins()) {
      if (!isOrigin(origin)) {
        errors.add(
            "%s: has '%s' (%s), expected an origin such as https://shop.example"
                .formatted(Keys.CORS_ORIGINS.name(), origin, settings.source(Keys.CORS_ORIGINS)));
      }
    }
    if (!errors.isEmpty()) {
      throw new ConfigErrors(errors);
    }
    return config;
  }

  /** Loads and reads the settings of this program's keys. */
  public static Config load(Inputs inputs) {
    return of(Settings.load(Keys.all(), inputs));
  }

  /**
   * Whoever reaches a listener without authentication may do anything; so only this machine may.
   */
  private static void requireLoopbackIfOpen(
      Auth auth, Settings settings, Key<Optional<ListenAddress>> key, List<String> errors) {
    Optional<ListenAddress> address = settings.get(key);
    if (auth.mode() == AuthMode.DEVELOPMENT && address.isPresent() && !address.get().isLoopback()) {
      errors.add(
          "%s: is %s (%s), expected a loopback address unless auth.mode is token"
              .formatted(key.name(), address.get(), settings.source(key)));
    }
  }

  private static List<AddressBlock> blocks(Settings settings, List<String> errors) {
    List<AddressBlock> blocks = new ArrayList<>();
    for (String text : settings.get(Keys.WEBHOOKS_ALLOW)) {
      try {
        blocks.add(AddressBlock.parse(text));
      } catch (IllegalArgumentException e) {
        errors.add(
            "%s: %s (%s)"
                .formatted(
                    Keys.WEBHOOKS_ALLOW.name(),
                    e.getMessage(),
                    settings.source(Keys.WEBHOOKS_ALLOW)));
      }
    }
    return blocks;
  }

  private static boolean isOrigin(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getScheme() != null
          && uri.getHost() != null
          && uri.getRawPath().isEmpty()
          && uri.getRawQuery() == null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && text.equals(text.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
