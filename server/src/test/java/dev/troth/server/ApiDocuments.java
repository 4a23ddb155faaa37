package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;

/**
 * A conversation with the API whose answers must be those of a file in {@code
 * src/test/resources/api}, so that nothing a client sees changes by accident. What differs from run
 * to run is written as {@code <id>}, {@code <token>}, {@code <secret>}.
 *
 * <pre>{@code
 * ApiDocuments documents = new ApiDocuments(platform);
 * documents.get("/api/records");
 * documents.areThoseOf("records");
 * }</pre>
 *
 * <p>{@code -Dtroth.api=write} writes the files anew: read their difference before keeping it.
 */
public final class ApiDocuments {
  private static final Path FOLDER = Path.of("src/test/resources/api");
  private static final List<String> HEADERS =
      List.of("Location", "ETag", "Idempotency-Replayed", "Troth-Failed-Entries", "Retry-After");

  private final TestPlatform platform;
  private final List<Map<String, Object>> exchanges = new ArrayList<>();

  public ApiDocuments(TestPlatform platform) {
    this.platform = platform;
  }

  public Answer get(String path, String... headers) {
    return say("GET", path, null, headers);
  }

  public Answer post(String path, String json, String... headers) {
    return say("POST", path, json, headers);
  }

  /** Sends a request and remembers its answer. */
  public Answer say(String method, String path, @Nullable String json, String... headers) {
    Answer answer = platform.send(method, path, json, headers);
    add(method + " " + path, answer);
    return answer;
  }

  private void add(String request, Answer answer) {
    Map<String, Object> exchange = new LinkedHashMap<>();
    exchange.put("request", request);
    exchange.put("status", answer.status());
    for (String header : HEADERS) {
      if (!answer.header(header).isEmpty()) {
        exchange.put(header, answer.header(header));
      }
    }
    if (answer.header("Content-Type").startsWith("text/plain")) {
      exchange.put("text", answer.body());
    } else if (!answer.body().isEmpty()) {
      // As plain maps, whose members are written in the order of their names: JSON knows no other.
      exchange.put("body", Json.mapper().convertValue(answer.json(), Object.class));
    }
    exchanges.add(exchange);
  }

  /** Compares all answers, in order and to the letter, with those of a file. */
  public void areThoseOf(String name) {
    String said =
        steady(
                Json.mapper()
                    .writer()
                    .with(
                        SerializationFeature.INDENT_OUTPUT,
                        SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(exchanges))
            + "\n";
    isThatOf(name, said);
  }

  /** Compares one answer with a file, its members in the order in which they are written. */
  public static void isThatOf(String name, Answer answer) {
    assertThat(answer.status()).as(name).isEqualTo(200);
    isThatOf(
        name,
        // Commits of one instant of a clock that stands still have a millisecond each.
        Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(answer.json())
                .replaceAll("(\"asOf\" : \"[^\"]*:\\d\\d)\\.\\d+Z", "$1Z")
            + "\n");
  }

  private static void isThatOf(String name, String said) {
    Path file = FOLDER.resolve(name + ".json");
    try {
      if (System.getProperty("troth.api", "").equals("write")) {
        Files.createDirectories(FOLDER);
        Files.writeString(file, said);
      }
      assertThat(said).as("what the API says, and %s", file).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String steady(String json) {
    return json.replaceAll("eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+", "<token>")
        .replaceAll("whsec_[A-Za-z0-9+/=]+", "<secret>")
        .replaceAll("W/\\\\\"[^\"]*\\\\\"", "<etag>")
        .replaceAll("\\b[0-9a-f]{32}\\b", "<id>")
        .replaceAll("\\b[0-9a-f]{16}\\b", "<epoch>");
  }
}
