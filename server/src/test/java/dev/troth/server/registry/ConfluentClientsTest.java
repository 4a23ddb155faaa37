package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What tests of Confluent's clients expect of a registry is so, or explained. */
class ConfluentClientsTest {
  private static List<String> lines() throws Exception {
    try (InputStream table =
        Objects.requireNonNull(
            ConfluentClientsTest.class.getResourceAsStream("/confluent-clients.txt"))) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void eachStepIsAnsweredAsClientsExpect() throws Exception {
    List<String> wrong = new ArrayList<>();
    int steps = 0;
    try (TestPlatform platform = TestPlatform.start()) {
      String own = "http://127.0.0.1:" + platform.port("registry");
      int part = 0;
      for (String line : lines()) {
        if (line.startsWith("- ")) {
          assertThat(line).contains(": ");
          continue;
        }
        if (!line.contains(" => ")) {
          part++;
          continue;
        }
        steps++;
        String[] sides = line.replace("$a", "part" + part).split(" => ");
        String[] request = sides[0].split(" ", 3);
        String[] expected = sides[1].split(" ", 2);
        Answer answer =
            platform.send(
                request[0],
                own + request[1],
                request.length > 2 ? request[2] : null,
                "Content-Type",
                "application/vnd.schemaregistry.v1+json");
        if (answer.status() != Integer.parseInt(expected[0])
            || !has(answer.json(), Json.mapper().readTree(expected[1]))) {
          wrong.add("%s: %d %s".formatted(line, answer.status(), answer.body()));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(steps).isGreaterThan(70);
  }

  /** Whether a value has all members of another. */
  private static boolean has(JsonNode given, JsonNode wanted) {
    return wanted.isObject()
        ? wanted.propertyStream().allMatch(one -> has(given.path(one.getKey()), one.getValue()))
        : given.equals(wanted);
  }
}
