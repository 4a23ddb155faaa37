package dev.troth.server.source;

import dev.troth.server.change.ChangeJson;
import dev.troth.server.channel.PinnedClient;
import dev.troth.server.http.Json;
import dev.troth.server.web.WebPage;
import dev.troth.watch.change.Fields;
import dev.troth.watch.source.Flattened;
import dev.troth.watch.source.Observation;
import dev.troth.watch.source.Observation.Validators;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * One look at an HTTP resource, JSON or a web page: conditional, bounded, and at vetted addresses
 * alone.
 */
final class HttpSource {
  private static final int LONGEST_BODY = 1 << 20;

  /** A change carries them twice, before and after. */
  private static final int LONGEST_FIELDS = 32 * 1024;

  private final PinnedClient client;

  HttpSource(PinnedClient client) {
    this.client = client;
  }

  Observation look(HttpSettings settings, Validators known) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(
        "Accept",
        settings.page().isPresent()
            ? "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
            : "application/json, application/*+json;q=0.9, */*;q=0.1");
    headers.putAll(settings.headers());
    if (!known.etag().isEmpty()) {
      headers.put("If-None-Match", known.etag());
    }
    if (!known.lastModified().isEmpty()) {
      headers.put("If-Modified-Since", known.lastModified());
    }
    return switch (client.get(settings.url(), headers, LONGEST_BODY)) {
      case PinnedClient.Fetched.Answered answer
          when answer.status() == 304 && known.equals(Validators.NONE) ->
          failed("HTTP 304 to a request without a condition, expected 200");
      case PinnedClient.Fetched.Answered answer -> read(settings, answer);
      case PinnedClient.Fetched.Nothing(String why) -> new Observation.Failed(why, Duration.ZERO);
    };
  }

  private static Observation read(HttpSettings settings, PinnedClient.Fetched.Answered answer) {
    return switch (answer.status()) {
      case 200 -> document(settings, answer);
      case 304 -> new Observation.Unchanged();
      case 404, 410 -> new Observation.Gone();
      default ->
          new Observation.Failed(
              "HTTP %d, expected 200, 304, 404 or 410".formatted(answer.status()), answer.pause());
    };
  }

  private static Observation document(HttpSettings settings, PinnedClient.Fetched.Answered answer) {
    String packed = answer.header("Content-Encoding").strip().toLowerCase(Locale.ROOT);
    if (!packed.isEmpty() && !packed.equals("identity")) {
      return failed(
          "the answer is packed (Content-Encoding: %s), expected it as it is: none was asked for"
              .formatted(packed));
    }
    try {
      Optional<WebPage> page = settings.page();
      Fields fields =
          page.isPresent()
              ? page.get().read(answer.body(), answer.header("Content-Type"))
              : fields(settings, answer.body());
      int length = ChangeJson.write(fields).length();
      if (length > LONGEST_FIELDS) {
        return failed(
            "the fields have %d characters, expected at most %d: choose a part of it"
                .formatted(length, LONGEST_FIELDS));
      }
      return new Observation.Seen(
          fields, new Validators(answer.header("ETag"), answer.header("Last-Modified")));
    } catch (JacksonException e) {
      return failed("the answer is no JSON: " + e.getOriginalMessage().replaceAll("\\s+", " "));
    } catch (IllegalArgumentException e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  private static Fields fields(HttpSettings settings, byte[] body) {
    Object document = Json.mapper().readValue(body, Object.class);
    Object part = settings.part().in(document);
    if (part == null && !settings.pointer().isEmpty()) {
      throw new IllegalArgumentException(
          "the document has nothing at %s".formatted(settings.pointer()));
    }
    return Flattened.of(part);
  }

  private static Observation failed(String why) {
    return new Observation.Failed(why, Duration.ZERO);
  }
}
