package dev.troth.server.console.frame;

import dev.troth.server.auth.Caller;
import dev.troth.server.error.DomainException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks for which page.
 *
 * @param theme the theme of the browser's cookie
 * @param path the page's path as it was asked for, with its query
 * @param base the platform's own address as the browser names it, {@code http://localhost:4000}
 * @param id what the path names after the page: the record, the objective; empty if nothing
 * @param query the query's parameters, the first value of each, without empty ones
 * @param moment at which it is read
 */
public record Visit(
    Caller caller,
    String theme,
    String path,
    String base,
    String id,
    Map<String, String> query,
    Moment moment) {

  /** What nanoseconds of 64 bits reach. */
  private static final Instant LAST = Instant.parse("2262-01-01T00:00:00Z");

  /** A whole number of the query, or the other one if it is not there. */
  public long number(String name, long otherwise) {
    String text = query.getOrDefault(name, "");
    if (!text.matches("[0-9]{0,18}")) {
      throw new DomainException.Invalid(
          "%s is '%s', expected a whole number".formatted(name, text));
    }
    return text.isEmpty() ? otherwise : Long.parseLong(text);
  }

  /** The instant of which the page is to tell, {@code ?at=}; empty for now. */
  public Optional<Instant> at() {
    String text = query.getOrDefault("at", "");
    try {
      Optional<Instant> at = text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
      if (at.isEmpty() || (at.get().isAfter(Instant.EPOCH) && at.get().isBefore(LAST))) {
        return at;
      }
    } catch (DateTimeParseException wrong) {
      // Said below, as of a time that no clock shows.
    }
    throw new DomainException.Invalid(
        "at is '%s', expected an instant such as 2026-01-31T09:30:00Z".formatted(text));
  }

  /** Refuses filters that the page does not have: what it shows would be something else. */
  public void refuse(String... names) {
    for (String name : names) {
      if (query.containsKey(name)) {
        throw new DomainException.Invalid(
            "%s is '%s', but this page cannot be narrowed by %s"
                .formatted(name, query.get(name), name));
      }
    }
  }

  /** The number that the path names, of a thing whose name is given. */
  public long numbered(String thing) {
    if (!id.matches("[0-9]{1,18}")) {
      throw new DomainException.NotFound("%s '%s' does not exist".formatted(thing, id));
    }
    return Long.parseLong(id);
  }
}
