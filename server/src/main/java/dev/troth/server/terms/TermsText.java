package dev.troth.server.terms;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.TitleTemplate;
import dev.troth.watch.terms.Limit;
import dev.troth.watch.terms.Preference;
import dev.troth.watch.terms.QuietHours;
import dev.troth.watch.terms.Schedule;
import dev.troth.watch.terms.Terms;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Terms as they are written, stored and shown; what is null is not said. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TermsText(
    @Nullable Boolean send,
    @Nullable String quiet,
    @Nullable Boolean pages,
    @Nullable String digest,
    @Nullable Boolean collapse,
    @Nullable String limit,
    @Nullable String mutedUntil,
    @Nullable String title) {

  static TermsText of(Terms terms) {
    return new TermsText(
        terms.send(),
        written(terms.quiet()),
        terms.pages(),
        written(terms.digest()),
        terms.collapse(),
        written(terms.limit()),
        written(terms.mutedUntil()),
        written(terms.title()));
  }

  /** A preference as the history of its user's terms keeps it. */
  static Fields fields(Preference preference) {
    TermsText text = of(preference.terms());
    SequencedMap<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("scope", preference.scope().toString());
    fields.put("channel", preference.channel());
    fields.put("send", text.send);
    fields.put("quiet", text.quiet);
    fields.put("pages", text.pages);
    fields.put("digest", text.digest);
    fields.put("collapse", text.collapse);
    fields.put("limit", text.limit);
    fields.put("mutedUntil", text.mutedUntil);
    fields.put("title", text.title);
    fields.values().removeIf(Objects::isNull);
    return Fields.of(fields);
  }

  /** The terms in a line. */
  String says() {
    List<String> parts = new ArrayList<>();
    add(parts, "nothing is sent", Boolean.FALSE.equals(send) ? "" : null);
    add(parts, "it is sent", Boolean.TRUE.equals(send) ? "" : null);
    add(parts, "quiet hours", quiet);
    add(parts, "urgent changes pass", Boolean.TRUE.equals(pages) ? "" : null);
    add(parts, "urgent changes are held too", Boolean.FALSE.equals(pages) ? "" : null);
    add(parts, "digest", digest);
    add(parts, "the newest of each subject", Boolean.TRUE.equals(collapse) ? "" : null);
    add(parts, "every change of each subject", Boolean.FALSE.equals(collapse) ? "" : null);
    add(parts, "limit", limit);
    add(parts, "muted until", mutedUntil);
    add(parts, "titles", title);
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, String words, @Nullable String value) {
    if (value != null) {
      parts.add(value.isEmpty() ? words : words + " " + value);
    }
  }

  private static @Nullable String written(@Nullable Object term) {
    return term == null ? null : term.toString();
  }

  /** The terms; one that cannot be is refused with what was expected. */
  Terms terms() {
    return new Terms(
        send,
        read(quiet, QuietHours::parse),
        pages,
        read(digest, Schedule::parse),
        collapse,
        read(limit, Limit::parse),
        read(mutedUntil, TermsText::time),
        read(title, TitleTemplate::new));
  }

  private static <T> @Nullable T read(@Nullable String text, Function<String, T> parse) {
    return text == null ? null : parse.apply(text);
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "mutedUntil is '%s', expected a time such as 2026-01-31T12:00:00Z".formatted(text), e);
    }
  }
}
