package dev.troth.server.event;

import dev.troth.server.config.Config.Strictness;
import dev.troth.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What is wrong with events by the schemas that their {@code dataschema} names. */
record NamedSchemas(Strictness strictness, DataCheck check) {
  /** Of an event in the JSON format; what is no event is refused where it is read. */
  Optional<String> structured(JsonNode event) {
    return problem(
        event.path("dataschema").asString(""),
        event.path("datacontenttype").asString("application/json"),
        () -> bytes(event));
  }

  /** Of an event in headers, by their lower-case names, and a body. */
  Optional<String> binary(Map<String, String> headers, byte[] body) {
    return problem(
        headers.getOrDefault("ce-dataschema", ""),
        headers.getOrDefault("content-type", "application/json"),
        () -> body);
  }

  private static byte[] bytes(JsonNode event) {
    try {
      return event.has("data_base64")
          ? Base64.getDecoder().decode(event.path("data_base64").asString(""))
          : event.has("data") ? Json.mapper().writeValueAsBytes(event.path("data")) : new byte[0];
    } catch (IllegalArgumentException e) {
      return "no base64".getBytes(StandardCharsets.UTF_8);
    }
  }

  private Optional<String> problem(String dataschema, String contentType, Supplier<byte[]> data) {
    if (strictness == Strictness.OFF || dataschema.isEmpty()) {
      return Optional.empty();
    }
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    Optional<String> problem = check.problem(dataschema, data.get());
    boolean json = type.equals("application/json") || type.endsWith("+json");
    return problem.isPresent() && !json
        ? Optional.of(
            "dataschema is %s and datacontenttype %s, expected JSON to compare"
                .formatted(dataschema, type))
        : problem;
  }

  /** The problem for which an event is refused. */
  Optional<String> refusal(Optional<String> problem) {
    return strictness == Strictness.REFUSE ? problem : Optional.empty();
  }
}
