package dev.troth.server.source;

import dev.troth.server.channel.PinnedClient;
import dev.troth.server.web.WebPage;
import dev.troth.watch.change.Subject;
import dev.troth.watch.source.JsonPointer;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an HTTP resource is looked at.
 *
 * @param seconds from one look to the next
 * @param subject what its changes are of
 * @param pointer the part of the document that counts; empty for all of it
 * @param headers what requests carry besides; their values may be secrets
 * @param select the elements of a web page that count; null for a JSON document
 */
record HttpSettings(
    String url,
    long seconds,
    String subject,
    String pointer,
    Map<String, String> headers,
    @Nullable String select)
    implements SourceSettings {
  private static final int LONGEST_URL = 2_000;
  private static final int MOST_HEADERS = 10;
  private static final long LEAST = 5;
  private static final long MOST = 86_400;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{1,1000}");

  /** What the client itself says, and what would change how the request is read. */
  private static final Pattern OURS =
      Pattern.compile(
          "(?i)host|connection|content-.*|transfer-encoding|te|upgrade|trailer|expect"
              + "|accept-encoding|if-.*|range|proxy-.*");

  HttpSettings {
    URI address = web(url);
    if (url.length() > LONGEST_URL || address.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "url has %d characters or a fragment, expected at most %d and none"
              .formatted(url.length(), LONGEST_URL));
    }
    if (seconds < LEAST || seconds > MOST) {
      throw new IllegalArgumentException(
          "every is %ds, expected %ds to 24h".formatted(seconds, LEAST));
    }
    var _ = Subject.parse(subject);
    var _ = JsonPointer.parse(pointer);
    if (headers.size() > MOST_HEADERS) {
      throw new IllegalArgumentException(
          "there are %d headers, expected at most %d".formatted(headers.size(), MOST_HEADERS));
    }
    headers.forEach(HttpSettings::check);
    headers = Map.copyOf(headers);
    if (select != null) {
      var _ = WebPage.choosing(select);
      if (!pointer.isEmpty()) {
        throw new IllegalArgumentException(
            "select and pointer are given, expected one: a pointer is for JSON");
      }
    }
  }

  /** How the elements are chosen; empty for a JSON document. */
  Optional<WebPage> page() {
    return Optional.ofNullable(select).map(WebPage::choosing);
  }

  private static URI web(String text) {
    return PinnedClient.requireWebAddress(
        "url", text, "http(s)://host/path in ASCII, without a user or a #");
  }

  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches() || OURS.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "header is '%s', expected a name such as Authorization that the client does not set itself"
              .formatted(name));
    }
    if (!VALUE.matcher(value).matches()) {
      // Without the value, which may be most of a secret.
      throw new IllegalArgumentException(
          "the value of header %s has %d characters, expected 1 to 1000 of printable ASCII"
              .formatted(name, value.length()));
    }
  }

  Subject about() {
    return Subject.parse(subject);
  }

  JsonPointer part() {
    return JsonPointer.parse(pointer);
  }

  @Override
  public String kind() {
    return "http";
  }

  /** The address without its query, which often carries a key. */
  @Override
  public String shown() {
    URI address = URI.create(url);
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?…";
    return "%s://%s%s%s".formatted(address.getScheme(), address.getRawAuthority(), path, query);
  }

  /** The names of the headers with no values. */
  Map<String, String> shownHeaders() {
    Map<String, String> shown = new TreeMap<>();
    headers.keySet().forEach(name -> shown.put(name, "…"));
    return shown;
  }
}
