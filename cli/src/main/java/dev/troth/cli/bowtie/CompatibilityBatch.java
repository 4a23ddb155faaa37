package dev.troth.cli.bowtie;

import dev.troth.contracts.Finding;
import dev.troth.contracts.compatibility.Compatibility;
import dev.troth.contracts.compatibility.Judgement;
import dev.troth.contracts.compatibility.Layer;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Judges pairs of schemas, one JSON object a line: {@code id}, {@code old}, {@code new}, {@code
 * mode}, {@code layer}, optionally {@code draft}; answers one JSON object a line. In the layer
 * confluent the answer is its verdict, which is also given by its own name.
 */
public final class CompatibilityBatch {
  private final Mode mode;
  private final Layer layer;

  /** What holds for lines that do not say. */
  public CompatibilityBatch(Mode mode, Layer layer) {
    this.mode = mode;
    this.layer = layer;
  }

  /**
   * The answer to one line.
   *
   * @throws IllegalArgumentException if the line is not a request; the message says why
   */
  public Reply answer(String line) {
    Json.Obj request = request(line);
    Json id = request.get("id").orElse(Json.Null.NULL);
    Mode asked = request.text("mode").map(Mode::named).orElse(mode);
    Layer in = request.text("layer").map(Layer::named).orElse(layer);
    SchemaLoader.Options options = SchemaLoader.Options.DEFAULT;
    Optional<Json> draft = request.get("draft");
    if (draft.isPresent()) {
      options = options.withDraft(draft(draft.get()));
    }
    Map<String, Json> reply = new LinkedHashMap<>();
    reply.put("id", id);
    Judgement judgement;
    try {
      Schema old = load(request, "old", options);
      Schema next = load(request, "new", options);
      judgement =
          Compatibility.of(asked)
              .in(in)
              .judge(next, List.of(new Compatibility.Version("old", old)));
    } catch (SchemaException unreadable) {
      Finding finding =
          new Finding(
              "schema",
              Finding.Severity.ERROR,
              "",
              String.valueOf(unreadable.getMessage()),
              "mend the schema");
      reply.put("answer", new Json.Str("UNKNOWN"));
      reply.put("findings", new Json.Arr(List.of(json(finding))));
      return new Reply(Judgement.Outcome.UNKNOWN, new Json.Obj(reply).toString());
    }
    reply.put("answer", new Json.Str(judgement.outcome().name()));
    if (in == Layer.CONFLUENT && judgement.outcome() != Judgement.Outcome.UNKNOWN) {
      boolean compatible = judgement.outcome() == Judgement.Outcome.PROVED;
      reply.put("verdict", new Json.Str(compatible ? "COMPATIBLE" : "INCOMPATIBLE"));
    }
    counterexample(judgement).ifPresent(document -> reply.put("counterexample", document));
    List<Json> findings = new ArrayList<>();
    judgement.findings().forEach(finding -> findings.add(json(finding)));
    reply.put("findings", new Json.Arr(findings));
    return new Reply(judgement.outcome(), new Json.Obj(reply).toString());
  }

  /** What a line was answered with. */
  public record Reply(Judgement.Outcome outcome, String line) {}

  private static Json.Obj request(String line) {
    try {
      if (JsonReader.read(line.getBytes(StandardCharsets.UTF_8)) instanceof Json.Obj object) {
        return object;
      }
    } catch (JsonException broken) {
      throw new IllegalArgumentException("not JSON: " + broken.getMessage(), broken);
    }
    throw new IllegalArgumentException(
        "expected a JSON object with id, old, new, mode and layer, found " + line);
  }

  private static Schema load(Json.Obj request, String name, SchemaLoader.Options options) {
    Json schema =
        request
            .get(name)
            .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is missing"));
    return new SchemaLoader(options).load(schema, "troth:/" + name);
  }

  private static Draft draft(Json value) {
    String name = value instanceof Json.Str text ? text.value() : value.toString();
    return switch (name.replace("draft", "").replaceFirst("^-", "")) {
      case "4", "04" -> Draft.DRAFT_4;
      case "6", "06" -> Draft.DRAFT_6;
      case "7", "07" -> Draft.DRAFT_7;
      case "2019-09", "201909" -> Draft.DRAFT_2019_09;
      case "2020-12", "202012" -> Draft.DRAFT_2020_12;
      default ->
          Draft.ofUri(name)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "draft is '%s', expected 4, 6, 7, 2019-09 or 2020-12".formatted(name)));
    };
  }

  private static Optional<Json> counterexample(Judgement judgement) {
    return judgement.comparisons().stream()
        .map(comparison -> comparison.answer())
        .filter(Answer.Refuted.class::isInstance)
        .map(answer -> ((Answer.Refuted) answer).counterexample())
        .findFirst();
  }

  private static Json json(Finding finding) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("rule", new Json.Str(finding.rule()));
    members.put("severity", new Json.Str(finding.severity().name().toLowerCase(Locale.ROOT)));
    members.put("place", new Json.Str(finding.place()));
    members.put("message", new Json.Str(finding.message()));
    members.put("cure", new Json.Str(finding.cure()));
    return new Json.Obj(members);
  }
}
