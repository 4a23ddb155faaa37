package dev.troth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.confluent.Ruling;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.JsonReader;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Each rule of compatibility that Confluent publishes is answered as there, or explained. */
class ConfluentCompatibilityTest {
  private static final String AVRO = "avro:";

  /**
   * A line of the table.
   *
   * @param confluent what Confluent's registry answers
   * @param ours what the registry here answers
   * @param about what changes, or why the answers differ
   */
  private record Rule(
      String level,
      boolean confluent,
      boolean ours,
      String about,
      List<String> earlier,
      String next) {
    static Rule of(String line) {
      String[] parts = line.split(" \\| ");
      String[] head = parts[0].strip().split("\\s+", 3);
      String[] verdicts = head[1].split("->");
      return new Rule(
          head[0],
          verdicts[0].equals("yes"),
          verdicts[verdicts.length - 1].equals("yes"),
          head[2],
          Arrays.stream(parts[1].split(";;")).map(String::strip).toList(),
          parts[2].strip());
    }
  }

  private static List<Rule> rules() throws Exception {
    try (InputStream table =
        Objects.requireNonNull(
            ConfluentCompatibilityTest.class.getResourceAsStream("/confluent-compatibility.txt"))) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Rule::of)
          .toList();
    }
  }

  private static Map<String, Object> body(String schema) {
    Map<String, Object> body = new LinkedHashMap<>();
    boolean avro = schema.startsWith(AVRO);
    body.put("schemaType", avro ? "AVRO" : "JSON");
    body.put("schema", avro ? avro(schema.substring(AVRO.length())) : schema);
    return body;
  }

  /** {@code {f a,b=,c<a,d?int}}: a field, one with a default, one with an alias, a union. */
  private static String avro(String schema) {
    if (!schema.startsWith("{f ")) {
      return schema;
    }
    List<String> fields = new ArrayList<>();
    for (String field : schema.substring(3, schema.length() - 1).split(",")) {
      String name = field.substring(0, 1);
      String more = field.substring(1);
      String type = "\"string\"";
      if (more.startsWith("?")) {
        type = "[\"null\",\"string\"" + (more.length() > 1 ? ",\"int\"]" : "]");
      }
      fields.add(
          "{\"name\":\"%s\",\"type\":%s%s%s}"
              .formatted(
                  name,
                  type,
                  more.equals("=") ? ",\"default\":\"\"" : "",
                  more.startsWith("<") ? ",\"aliases\":[\"%s\"]".formatted(more.charAt(1)) : ""));
    }
    return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + String.join(",", fields) + "]}";
  }

  @Test
  void eachRuleIsAnsweredAsTheTableSays() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (TestPlatform platform = TestPlatform.start()) {
      RegistryClient registry = new RegistryClient(platform);
      int at = 0;
      for (Rule rule : rules()) {
        String subject = "rule" + at++ + "-value";
        registry.put("/config/" + subject, "{\"compatibility\":\"NONE\"}");
        for (String earlier : rule.earlier()) {
          Answer registered = registry.register(subject, body(earlier));
          assertThat(registered.status()).as("%s: %s", rule, registered.body()).isEqualTo(200);
        }
        registry.put("/config/" + subject, "{\"compatibility\":\"" + rule.level() + "\"}");
        Answer tested =
            registry.post(
                "/compatibility/subjects/" + subject + "/versions?verbose=true", body(rule.next()));
        Answer registered = registry.register(subject, body(rule.next()));
        boolean compatible = tested.json().path("is_compatible").asBoolean();
        if (compatible != rule.ours() || (registered.status() == 200) != rule.ours()) {
          wrong.add("%s: %s, %s".formatted(rule, tested.body(), registered.body()));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The layer of Confluent's rules, and with it the table's first column, agree. */
  @Test
  void confluentsVerdictsAreThoseOfTheLayerThatCopiesItsRules() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Rule rule : rules()) {
      String earlier = rule.earlier().getLast();
      if (earlier.startsWith(AVRO) || rule.next().startsWith(AVRO)) {
        continue;
      }
      boolean forward = rule.level().equals("FORWARD");
      Ruling ruling =
          forward
              ? Ruling.of(load(rule.next()), load(earlier))
              : Ruling.of(load(earlier), load(rule.next()));
      if (ruling.compatible() != rule.confluent()) {
        wrong.add("%s: %s".formatted(rule, ruling));
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Schema load(String schema) {
    return new SchemaLoader(SchemaLoader.Options.DEFAULT.withDraft(Draft.DRAFT_7))
        .load(JsonReader.read(schema), "troth:/schema");
  }

  @Test
  void eachAnswerThatDiffersIsExplained() throws Exception {
    List<Rule> rules = rules();
    assertThat(rules).hasSizeGreaterThan(60);
    assertThat(rules.stream().filter(rule -> rule.confluent() != rule.ours()))
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.about().split(" ")).hasSizeGreaterThan(6));
  }
}
