package dev.troth.server.openid;

import dev.troth.server.auth.Role;
import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.http.Problem;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a provider claims of who signs in, read as a user's name and role. */
final class Person {
  private static final String EMAIL = "email";
  private static final String VERIFIED = "email_verified";
  private static final int MOST_SHOWN = 10;
  private static final int LONGEST_SHOWN = 100;

  /** What nobody sees: controls, formats, unpaired and private characters, spaces but the usual. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]|[\\p{Zs}&&[^ ]]");

  private final OpenIdSettings settings;
  private final JsonNode claims;

  Person(OpenIdSettings settings, JsonNode claims) {
    this.settings = settings;
    this.claims = claims;
  }

  /** Whether a claim that is needed is not there. */
  boolean isIncomplete() {
    return find(settings.user()).isMissingNode()
        || (settings.user().equals(EMAIL) && claims.path(VERIFIED).isMissingNode())
        || (!settings.roles().isEmpty() && find(settings.role()).isMissingNode());
  }

  /**
   * With what is said elsewhere; what was signed counts first. Whether an address is verified is
   * said of the address beside it, and of no other.
   */
  Person with(JsonNode more) {
    ObjectNode all = (ObjectNode) more.deepCopy();
    if (claims.has(EMAIL) && !claims.path(EMAIL).equals(more.path(EMAIL))) {
      all.remove(VERIFIED);
    }
    all.setAll((ObjectNode) claims);
    if (!claims.has(EMAIL)) {
      all.remove(VERIFIED);
      more.optional(VERIFIED).ifPresent(said -> all.set(VERIFIED, said));
    }
    return new Person(settings, all);
  }

  String name() {
    JsonNode value = find(settings.user());
    if (!value.isString() || value.asString().isBlank()) {
      throw refused("claim %s is missing, expected the user's name".formatted(settings.user()));
    }
    if (settings.user().equals(EMAIL) && !isVerified()) {
      throw refused(
          "email_verified of %s is not true, expected an address that the provider has verified"
              .formatted(brief(value.asString())));
    }
    String name = value.asString();
    // Nothing is mended: two that the provider tells apart must not become one.
    if (UNSEEN.matcher(name).find()
        || !name.equals(name.strip())
        || !Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
      throw refused(
          "%s is '%s', expected a name in NFC without invisible characters and blanks at its ends"
              .formatted(settings.user(), brief(name)));
    }
    return name;
  }

  /** A text for people, with what they would not see made visible. */
  private static String brief(String text) {
    String start =
        text.codePoints()
            .limit(LONGEST_SHOWN)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return UNSEEN.matcher(start).replaceAll("\uFFFD") + (start.length() < text.length() ? "…" : "");
  }

  private boolean isVerified() {
    JsonNode verified = claims.path(VERIFIED);
    // Some providers write it as a text.
    return verified.isBoolean() ? verified.asBoolean() : verified.asString("").equals("true");
  }

  /**
   * A role, and why.
   *
   * @param value what gave it; empty if it is the usual one
   */
  record Given(Role role, String value) {}

  Given role(String user) {
    List<String> values = texts(find(settings.role()));
    Optional<Given> strongest =
        values.stream()
            .flatMap(value ->
                Optional.ofNullable(settings.roles().get(value)).stream()
                    .map(role -> new Given(Role.parse(role), value)))
            .max(Comparator.comparing(Given::role));
    return strongest
        .or(() -> settings.usual().map(usual -> new Given(Role.parse(usual), "")))
        .orElseThrow(() ->
            refused(
                "%s has no role here: %s is %s, expected one of %s"
                    .formatted(
                        brief(user),
                        settings.role(),
                        values.isEmpty() ? "missing" : some(values),
                        settings.roles().keySet().stream().sorted().toList())));
  }

  private static String some(List<String> values) {
    List<String> shown = values.stream().limit(MOST_SHOWN).map(Person::brief).toList();
    int more = values.size() - shown.size();
    return more == 0 ? shown.toString() : "%s and %d more".formatted(shown, more);
  }

  /** By its whole name first, which may have dots as a URL has them; then as a path. */
  private JsonNode find(String claim) {
    JsonNode whole = claims.path(claim);
    if (!whole.isMissingNode()) {
      return whole;
    }
    JsonNode at = claims;
    for (String step : claim.split("\\.", -1)) {
      at = at.path(step);
    }
    return at;
  }

  private static List<String> texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isString()) {
      texts.add(value.asString());
    } else if (value.isArray()) {
      value.forEach(one -> {
        if (one.isString()) {
          texts.add(one.asString());
        }
      });
    }
    return texts;
  }

  private static RuntimeException refused(String why) {
    return Problem.forbidden(why).toException();
  }
}
