package dev.troth.contracts.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The values of {@code format} that are known; an unknown one accepts every text. */
public enum Format {
  DATE_TIME("date-time", "a date-time such as 2026-01-31T09:30:00Z", Times::dateTime),
  DATE("date", "a date such as 2026-01-31", Times::date),
  TIME("time", "a time such as 09:30:00Z", Times::time),
  DURATION("duration", "a duration such as P1DT12H", Durations::duration),
  EMAIL("email", "an e-mail address", (b, s, e) -> Emails.email(b, s, e, false)),
  IDN_EMAIL("idn-email", "an e-mail address", (b, s, e) -> Emails.email(b, s, e, true)),
  HOSTNAME("hostname", "a host name", Hosts::hostname),
  IDN_HOSTNAME("idn-hostname", "a host name", (b, s, e) -> IdnHosts.hostname(text(b, s, e))),
  IPV4("ipv4", "an IPv4 address", Addresses::ipv4),
  IPV6("ipv6", "an IPv6 address", Addresses::ipv6),
  URI("uri", "an absolute URI", (b, s, e) -> Uris.absolute(b, s, e, false)),
  URI_REFERENCE("uri-reference", "a URI reference", (b, s, e) -> Uris.reference(b, s, e, false)),
  IRI("iri", "an absolute IRI", (b, s, e) -> Uris.absolute(b, s, e, true)),
  IRI_REFERENCE("iri-reference", "an IRI reference", (b, s, e) -> Uris.reference(b, s, e, true)),
  URI_TEMPLATE("uri-template", "a URI template", Templates::uriTemplate),
  UUID("uuid", "a UUID", Identifiers::uuid),
  JSON_POINTER("json-pointer", "a JSON Pointer", Identifiers::jsonPointer),
  RELATIVE_JSON_POINTER(
      "relative-json-pointer", "a relative JSON Pointer", Identifiers::relativeJsonPointer),
  REGEX("regex", "a regular expression of ECMA-262", (b, s, e) -> Identifiers.regex(text(b, s, e)));

  private final String name;
  private final String description;
  private final Check check;

  /** A test of UTF-8 bytes. */
  @FunctionalInterface
  private interface Check {
    boolean test(byte[] utf8, int from, int to);
  }

  Format(String name, String description, Check check) {
    this.name = name;
    this.description = description;
    this.check = check;
  }

  /** The format of that name; every draft may use every format, newer ones included. */
  public static Optional<Format> named(String name) {
    for (Format format : values()) {
      if (format.name.equals(name)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /** All names, in the order of declaration. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Format::toString).toList();
  }

  /** Whether the bytes, which are valid UTF-8, have this format. */
  public boolean test(byte[] utf8, int from, int to) {
    return check.test(utf8, from, to);
  }

  public boolean test(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return test(utf8, 0, utf8.length);
  }

  /** What is expected, for messages. */
  public String describe() {
    return description;
  }

  /** The name as schemas write it. */
  @Override
  public String toString() {
    return name;
  }

  private static String text(byte[] utf8, int from, int to) {
    return new String(utf8, from, to - from, StandardCharsets.UTF_8);
  }
}
