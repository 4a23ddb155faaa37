package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * What clients of the API see, kept in {@code src/test/resources/api}: a document that differs from
 * its file by a member, its place or its form fails. {@code -Dtroth.api.write=true} writes the
 * files anew, for a change that is meant.
 */
public final class ApiDocument {
  private static final Path FOLDER =
      Path.of(System.getProperty("troth.root", ".."), "server/src/test/resources/api");

  private ApiDocument() {}

  /** Compares an answer with the file of this name. */
  public static void assertKept(String name, TestPlatform.Answer answer) {
    assertThat(answer.status()).as(name).isEqualTo(200);
    JsonNode document = answer.json();
    String written = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    Path file = FOLDER.resolve(name + ".json");
    try {
      if (Boolean.getBoolean("troth.api.write")) {
        Files.writeString(file, written + "\n");
      }
      assertThat(written + "\n").as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
