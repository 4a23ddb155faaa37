package dev.troth.contracts.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Size;
import dev.troth.testkit.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The versions that people publish of one schema on SchemaStore, each beside the next: whether the
 * one reads what the other writes is told in nearly every case. Small runs take a part of the
 * pairs.
 */
final class SchemaStorePairsTest {
  private static final Pattern VERSIONED = Pattern.compile("(.+?)[-_.]v?(\\d+(?:\\.\\d+)*)\\.json");

  private static final int SAMPLE = 50;

  private record Version(int[] numbers, Path file) {}

  private record Pair(Path old, Path next) {}

  @Test
  void atMostOneInAHundredIsUnknown() throws IOException {
    List<Pair> pairs = pairs();
    long seed = Long.getLong("troth.seed", 38);
    Collections.shuffle(pairs, new Random(seed));
    List<String> unknown = new ArrayList<>();
    int answers = 0;
    int judged = 0;
    for (Pair pair : pairs) {
      Optional<Contract> old = contract(pair.old, "1.0.0");
      Optional<Contract> next = contract(pair.next, "1.1.0");
      if (old.isEmpty() || next.isEmpty()) {
        continue;
      }
      if (judged++ == Size.count(SAMPLE, Integer.MAX_VALUE)) {
        break;
      }
      ContractJudge.Result result =
          new ContractJudge(Mode.FULL, Layer.EVOLUTION).judge(next.get(), List.of(old.get()));
      for (Comparison comparison : result.judgement().comparisons()) {
        answers++;
        if (comparison.outcome() == Judgement.Outcome.UNKNOWN) {
          unknown.add(
              pair.next.getFileName() + " " + comparison.direction() + " " + comparison.answer());
        }
      }
    }
    System.out.printf(
        "SchemaStore, seed %d: %d of %d answers about %d pairs unknown%n",
        seed, unknown.size(), answers, answers / 2);
    unknown.forEach(one -> System.out.println("  " + one));
    assertThat(answers).isGreaterThanOrEqualTo(SAMPLE);
    assertThat(100.0 * unknown.size() / answers).as("percent unknown").isLessThanOrEqualTo(1);
  }

  /** Each version of a schema with the next. */
  private static List<Pair> pairs() throws IOException {
    Path folder = Suites.require("schemastore").resolve("src/schemas/json");
    Map<String, List<Version>> families = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        Matcher name = VERSIONED.matcher(file.getFileName().toString());
        if (name.matches()) {
          int[] numbers =
              Arrays.stream(name.group(2).split("\\.", -1))
                  .mapToInt(part -> (int) Math.min(Long.parseLong(part), Integer.MAX_VALUE))
                  .toArray();
          families
              .computeIfAbsent(name.group(1), added -> new ArrayList<>())
              .add(new Version(numbers, file));
        }
      }
    }
    List<Pair> pairs = new ArrayList<>();
    for (List<Version> versions : families.values()) {
      versions.sort((one, other) -> Arrays.compare(one.numbers, other.numbers));
      for (int i = 1; i < versions.size(); i++) {
        pairs.add(new Pair(versions.get(i - 1).file, versions.get(i).file));
      }
    }
    return pairs;
  }

  private static Optional<Contract> contract(Path file, String version) throws IOException {
    try {
      String text =
          "{\"contract\": \"pair\", \"version\": \"%s\", \"owner\": \"o\", \"schema\": %s}"
              .formatted(version, JsonReader.read(Files.readString(file)));
      return Optional.of(Contract.read(text.getBytes(UTF_8)));
    } catch (JsonException | ContractException doesNotLoad) {
      return Optional.empty();
    }
  }
}
