package dev.troth.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How e-mail is sent.
 *
 * @param login who signs in; empty if nobody does
 * @param from the sender's address
 * @param timeout for one message, from the connection to the server's last answer
 */
public record MailSettings(
    String host, int port, Tls tls, Optional<Login> login, String from, Duration timeout) {
  /** Less than the lease of a delivery, so that no other attempt begins meanwhile. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(60);

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[?::1]?");

  /** What protects the way to the mail server. */
  public enum Tls {
    STARTTLS,
    IMPLICIT,
    NONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who signs in to the mail server. */
  public record Login(String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
      return user;
    }
  }

  /** The settings of e-mail, if a host is given; whatever does not fit is added to the errors. */
  static Optional<MailSettings> of(Settings settings, List<String> errors) {
    Optional<String> host = settings.get(Keys.MAIL_HOST);
    if (host.isEmpty()) {
      requireNothingElse(settings, errors);
      return Optional.empty();
    }
    MailSettings mail =
        new MailSettings(
            host.get(),
            settings.get(Keys.MAIL_PORT),
            settings.get(Keys.MAIL_TLS),
            login(settings, errors),
            from(settings, errors),
            settings.get(Keys.MAIL_TIMEOUT));
    if (mail.tls() == Tls.NONE && !LOOPBACK.matcher(mail.host()).matches()) {
      errors.add(
          "%s: is none (%s), expected starttls or implicit unless the mail server is on this machine"
              .formatted(Keys.MAIL_TLS.name(), settings.source(Keys.MAIL_TLS)));
    }
    if (mail.timeout().compareTo(LONGEST_TIMEOUT) > 0) {
      errors.add(
          "%s: is %s (%s), expected at most 60s"
              .formatted(
                  Keys.MAIL_TIMEOUT.name(), mail.timeout(), settings.source(Keys.MAIL_TIMEOUT)));
    }
    return Optional.of(mail);
  }

  /** Settings that nothing would use are a mistake: perhaps the host's. */
  private static void requireNothingElse(Settings settings, List<String> errors) {
    for (Key<?> key :
        List.of(
            Keys.MAIL_PORT,
            Keys.MAIL_TLS,
            Keys.MAIL_USER,
            Keys.MAIL_PASSWORD,
            Keys.MAIL_PASSWORD_FILE,
            Keys.MAIL_FROM,
            Keys.MAIL_TIMEOUT)) {
      if (!settings.source(key).equals("default")) {
        errors.add(
            "%s: is given (%s), expected only beside %s"
                .formatted(key.name(), settings.source(key), Keys.MAIL_HOST.name()));
      }
    }
  }

  private static String from(Settings settings, List<String> errors) {
    String from = settings.get(Keys.MAIL_FROM).orElse("");
    if (!from.matches("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")) {
      errors.add(
          "%s: is '%s' (%s), expected an address such as troth@example.org"
              .formatted(Keys.MAIL_FROM.name(), from, settings.source(Keys.MAIL_FROM)));
    }
    return from;
  }

  private static Optional<Login> login(Settings settings, List<String> errors) {
    Optional<String> user = settings.get(Keys.MAIL_USER);
    Optional<String> password = settings.get(Keys.MAIL_PASSWORD);
    Optional<String> file = settings.get(Keys.MAIL_PASSWORD_FILE);
    if (password.isPresent() && file.isPresent()) {
      errors.add(
          "%s: is given (%s) beside %s, expected one of them"
              .formatted(
                  Keys.MAIL_PASSWORD_FILE.name(),
                  settings.source(Keys.MAIL_PASSWORD_FILE),
                  Keys.MAIL_PASSWORD.name()));
      return Optional.empty();
    }
    Optional<String> known = file.isPresent() ? read(file.get(), settings, errors) : password;
    boolean given = password.isPresent() || file.isPresent();
    if (user.isPresent() != given) {
      errors.add(
          "%s: is %s, expected it with watch.mail.password or watch.mail.password-file, and they"
                  .formatted(Keys.MAIL_USER.name(), user.isPresent() ? "alone" : "missing")
              + " with it");
    }
    return user.isPresent() && known.isPresent()
        ? Optional.of(new Login(user.get(), known.get()))
        : Optional.empty();
  }

  private static Optional<String> read(String file, Settings settings, List<String> errors) {
    String expected = "expected a file whose first line is the password";
    String place = settings.source(Keys.MAIL_PASSWORD_FILE);
    try {
      Optional<String> line =
          Files.readAllLines(Path.of(file)).stream().findFirst().filter(text -> !text.isBlank());
      if (line.isEmpty()) {
        errors.add(
            "%s: %s is empty (%s), %s"
                .formatted(Keys.MAIL_PASSWORD_FILE.name(), file, place, expected));
      }
      return line;
    } catch (IOException | IllegalArgumentException e) {
      errors.add(
          "%s: %s cannot be read (%s), %s"
              .formatted(Keys.MAIL_PASSWORD_FILE.name(), file, place, expected));
      return Optional.empty();
    }
  }
}
