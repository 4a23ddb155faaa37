package dev.troth.server.source;

import dev.troth.watch.change.Subject;
import dev.troth.watch.source.JsonPointer;
import dev.troth.watch.webhook.WebhookSecret;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a source is read. */
sealed interface SourceSettings permits HttpSettings, SourceSettings.HookSettings, StreamSettings {
  /** The kind in a word. */
  String kind();

  /** What its changes are of, or what those subjects begin with. */
  String subject();

  /** Where it is, as it may be shown. */
  String shown();

  /** The part of each document that counts; empty for all of it. */
  String pointer();

  /** What no other source tells of. */
  default List<String> subjects() {
    return List.of(subject());
  }

  /**
   * How webhooks that come in are read.
   *
   * @param name the source's, which stands in the address that senders use
   * @param former the secret before this one, which counts too; null without
   * @param subject what changes are of; with an id, what stands before it
   * @param id where in the document the id of its subject is; empty for one subject
   * @param pointer the part of the document whose fields count; empty for all of it
   */
  record HookSettings(
      String name,
      Scheme scheme,
      String secret,
      @Nullable String former,
      String subject,
      String id,
      String pointer)
      implements SourceSettings {
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]{16,256}");

    /** Who signs how. */
    enum Scheme {
      GITHUB,
      STANDARD;

      static Scheme parse(String text) {
        return Arrays.stream(values())
            .filter(scheme -> scheme.toString().equals(text))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "scheme is '%s', expected github or standard".formatted(text)));
      }

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    public HookSettings {
      checkSecret(scheme, secret);
      var _ = Subject.parse(id.isEmpty() ? subject : subject + "/x");
      var _ = JsonPointer.parse(id);
      var _ = JsonPointer.parse(pointer);
    }

    /** With another secret beside the one it has. */
    HookSettings rotatedTo(String next) {
      if (next.equals(secret)) {
        throw new IllegalArgumentException(
            "secret is the one that counts already, expected another");
      }
      return new HookSettings(name, scheme, next, secret, subject, id, pointer);
    }

    /** With its newest secret alone. */
    HookSettings withoutFormer() {
      return new HookSettings(name, scheme, secret, null, subject, id, pointer);
    }

    /** Those that count now. */
    List<String> secrets() {
      return former == null ? List.of(secret) : List.of(secret, former);
    }

    private static void checkSecret(Scheme scheme, String secret) {
      switch (scheme) {
        case STANDARD -> {
          var _ = WebhookSecret.parse(secret);
        }
        case GITHUB -> {
          if (!PRINTABLE.matcher(secret).matches()) {
            throw new IllegalArgumentException(
                "secret has %d characters, expected 16 to 256 of printable ASCII without spaces"
                    .formatted(secret.length()));
          }
        }
      }
    }

    @Override
    public String kind() {
      return "webhook";
    }

    @Override
    public String shown() {
      return "/hooks/" + name;
    }

    /** The subject of a document. */
    Subject about(Object document) {
      if (id.isEmpty()) {
        return Subject.parse(subject);
      }
      String found =
          switch (JsonPointer.parse(id).in(document)) {
            case String text -> text;
            case Number number -> number.toString();
            case null, default -> "";
          };
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            "the document has no text or number at %s, expected the id of its subject"
                .formatted(id));
      }
      return Subject.parse(subject + "/" + found.replace("*", "%2A"));
    }
  }
}
