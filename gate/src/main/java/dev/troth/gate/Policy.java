package dev.troth.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SettingsWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * What a token must say to be accepted. {@link #DEFAULT} checks dates, types and shapes; who issued
 * it and for whom is checked once it is said here.
 *
 * <pre>{@code
 * Policy.DEFAULT.withIssuers("https://id.example").withAudiences("orders").withLeeway(ofSeconds(30))
 * }</pre>
 *
 * @param issuers accepted {@code iss}; empty for any
 * @param audiences one of these must be in {@code aud}; empty for any
 * @param subjects accepted {@code sub}; empty for any
 * @param types accepted {@code typ} without {@code application/}, {@code *} for any; with {@code
 *     JWT} among them the header may be absent
 * @param required claims that must be there, of {@link #REQUIRABLE}
 * @param leeway how far clocks may differ
 * @param maxLifetime longest time from {@code iat} to {@code exp}; zero for any
 * @param maxTokenBytes longer tokens are refused unread
 * @param revoked {@code jti} values that are no longer accepted
 */
public record Policy(
    List<String> issuers,
    List<String> audiences,
    List<String> subjects,
    List<String> types,
    Set<String> required,
    Duration leeway,
    Duration maxLifetime,
    int maxTokenBytes,
    Set<String> revoked) {

  /** The claims that can be required, in the order of their bits. */
  public static final List<String> REQUIRABLE =
      List.of("exp", "nbf", "iat", "iss", "aud", "sub", "jti");

  private static final Duration MAX_LEEWAY = Duration.ofMinutes(10);

  public static final Policy DEFAULT =
      new Policy(
          List.of(),
          List.of(),
          List.of(),
          List.of("JWT", "at+jwt"),
          Set.of(),
          Duration.ZERO,
          Duration.ZERO,
          Settings.DEFAULT_MAX_TOKEN_BYTES,
          Set.of());

  public Policy {
    issuers = List.copyOf(issuers);
    audiences = List.copyOf(audiences);
    subjects = List.copyOf(subjects);
    types = List.copyOf(types);
    required = Set.copyOf(required);
    revoked = Set.copyOf(revoked);
    if (types.isEmpty()) {
      throw new IllegalArgumentException("types is empty, expected JWT, another typ, or *");
    }
    for (String claim : required) {
      if (!REQUIRABLE.contains(claim)) {
        throw new IllegalArgumentException(
            "required claim is '%s', expected one of %s".formatted(claim, REQUIRABLE));
      }
    }
    for (List<String> accepted : List.of(issuers, audiences, subjects, types)) {
      if (accepted.contains("")) {
        throw new IllegalArgumentException(
            "an accepted issuer, audience, subject or typ is empty, expected a value");
      }
    }
    if (leeway.isNegative() || leeway.compareTo(MAX_LEEWAY) > 0) {
      throw new IllegalArgumentException("leeway is %s, expected PT0S to PT10M".formatted(leeway));
    }
    if (maxLifetime.isNegative()) {
      throw new IllegalArgumentException(
          "max-lifetime is %s, expected PT0S (any) or more".formatted(maxLifetime));
    }
    if (maxTokenBytes < 64 || maxTokenBytes > Settings.LARGEST_MAX_TOKEN_BYTES) {
      throw new IllegalArgumentException(
          "max-token-bytes is %d, expected 64 to %d"
              .formatted(maxTokenBytes, Settings.LARGEST_MAX_TOKEN_BYTES));
    }
  }

  public Policy withIssuers(String... issuers) {
    return new Policy(
        List.of(issuers),
        audiences,
        subjects,
        types,
        required,
        leeway,
        maxLifetime,
        maxTokenBytes,
        revoked);
  }

  public Policy withAudiences(String... audiences) {
    return new Policy(
        issuers,
        List.of(audiences),
        subjects,
        types,
        required,
        leeway,
        maxLifetime,
        maxTokenBytes,
        revoked);
  }

  public Policy withSubjects(String... subjects) {
    return new Policy(
        issuers,
        audiences,
        List.of(subjects),
        types,
        required,
        leeway,
        maxLifetime,
        maxTokenBytes,
        revoked);
  }

  public Policy withTypes(String... types) {
    return new Policy(
        issuers,
        audiences,
        subjects,
        List.of(types),
        required,
        leeway,
        maxLifetime,
        maxTokenBytes,
        revoked);
  }

  public Policy withRequired(String... required) {
    return new Policy(
        issuers,
        audiences,
        subjects,
        types,
        Set.of(required),
        leeway,
        maxLifetime,
        maxTokenBytes,
        revoked);
  }

  public Policy withLeeway(Duration leeway) {
    return new Policy(
        issuers, audiences, subjects, types, required, leeway, maxLifetime, maxTokenBytes, revoked);
  }

  public Policy withMaxLifetime(Duration maxLifetime) {
    return new Policy(
        issuers, audiences, subjects, types, required, leeway, maxLifetime, maxTokenBytes, revoked);
  }

  public Policy withMaxTokenBytes(int maxTokenBytes) {
    return new Policy(
        issuers, audiences, subjects, types, required, leeway, maxLifetime, maxTokenBytes, revoked);
  }

  public Policy withRevoked(Set<String> revoked) {
    return new Policy(
        issuers, audiences, subjects, types, required, leeway, maxLifetime, maxTokenBytes, revoked);
  }

  /** All but what holds for every issuer: revoked ids and the longest token. */
  void writeTo(SettingsWriter settings) {
    texts(issuers, settings, SettingsWriter::issuer);
    texts(audiences, settings, SettingsWriter::audience);
    texts(subjects, settings, SettingsWriter::subject);
    for (String type : types) {
      String lower = type.toLowerCase(Locale.ROOT);
      settings.type(
          (lower.startsWith("application/") ? lower.substring(12) : lower).getBytes(UTF_8));
    }
    int bits = 0;
    for (String claim : required) {
      bits |= 1 << REQUIRABLE.indexOf(claim);
    }
    settings
        .required(bits)
        .leewayMillis(leeway.toMillis())
        .maxLifetimeMillis(maxLifetime.toMillis());
  }

  private static void texts(
      List<String> texts, SettingsWriter settings, BiConsumer<SettingsWriter, byte[]> put) {
    texts.forEach(text -> put.accept(settings, text.getBytes(UTF_8)));
  }
}
