package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each of Confluent's error codes is answered where it answers it, or explained. */
class ConfluentCodesTest {
  private static List<String> lines() throws Exception {
    try (InputStream table =
        Objects.requireNonNull(
            ConfluentCodesTest.class.getResourceAsStream("/confluent-codes.txt"))) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void eachCodeComesWhereTheTableSaysSo() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (TestPlatform platform = TestPlatform.start()) {
      String own = "http://127.0.0.1:" + platform.port("registry");
      for (String line : lines()) {
        String[] parts = line.split("\\s+", 4);
        if (parts[1].equals("-")) {
          continue;
        }
        String body = parts.length > 3 ? parts[3] : null;
        Answer answer =
            platform.send(
                parts[1],
                own + parts[2],
                body,
                "Content-Type",
                "application/vnd.schemaregistry.v1+json");
        String code =
            answer.status() == 200 ? "ok" : answer.json().path("error_code").asString("none");
        if (!code.equals(parts[0])) {
          wrong.add("%s: %d %s".formatted(line, answer.status(), answer.body()));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void noCodeOfConfluentsIsMissing() throws Exception {
    Set<String> known = new HashSet<>();
    lines().forEach(line -> known.add(line.split("\\s+", 2)[0]));
    for (int[] range :
        new int[][] {{40401, 40409}, {40901, 40901}, {42201, 42211}, {50001, 50004}}) {
      IntStream.rangeClosed(range[0], range[1])
          .forEach(code -> assertThat(known).contains(Integer.toString(code)));
    }
  }
}
