package dev.troth.contracts.policy;

import dev.troth.contracts.Finding;
import dev.troth.contracts.Finding.Severity;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.NearestName;
import dev.troth.json.file.SourceFile;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the part {@code contracts} of {@code troth.yaml}; collects all that is wrong with it. */
public final class PolicyReader {
  private static final List<String> PARTS = List.of("severities", "waivers");
  private static final List<String> WAIVER = List.of("contract", "rule", "reason", "until");

  private final SourceFile source;
  private final List<Finding> problems = new ArrayList<>();

  public PolicyReader(SourceFile source) {
    this.source = source;
  }

  /** What is wrong; empty before {@link #read}. */
  public List<Finding> problems() {
    return problems;
  }

  /** The policy; of use only if there are no problems. */
  public Policy read() {
    Optional<Json> part =
        source.json() instanceof Json.Obj root ? root.get("contracts") : Optional.empty();
    if (part.isEmpty() || part.get() == Json.Null.NULL) {
      return Policy.NONE;
    }
    if (!(part.get() instanceof Json.Obj contracts)) {
      wrong("/contracts", "contracts is %s, expected keys".formatted(part.get()));
      return Policy.NONE;
    }
    keys(contracts, PARTS, "/contracts");
    return new Policy(severities(contracts), waivers(contracts));
  }

  private void wrong(String pointer, String message) {
    problems.add(
        Finding.error("policy", source.place(pointer), message, "see docs/compatibility.md"));
  }

  private void keys(Json.Obj object, List<String> known, String pointer) {
    for (String key : object.members().keySet()) {
      if (!known.contains(key)) {
        wrong(
            JsonPointer.child(pointer, key),
            "unknown key '%s', %s".formatted(key, hint(key, known)));
      }
    }
  }

  private static String hint(String key, List<String> known) {
    return NearestName.nearest(key, known, 2)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("expected one of " + known);
  }

  private Map<String, Severity> severities(Json.Obj contracts) {
    Map<String, Severity> severities = new LinkedHashMap<>();
    String pointer = "/contracts/severities";
    switch (contracts.get("severities").orElse(Json.Null.NULL)) {
      case Json.Null _ -> {}
      case Json.Obj rules ->
          rules
              .members()
              .forEach((rule, value) ->
                  severity(rule, value, JsonPointer.child(pointer, rule))
                      .ifPresent(severity -> severities.put(rule, severity)));
      case Json other -> wrong(pointer, "severities is %s, expected rules".formatted(other));
    }
    return severities;
  }

  private Optional<Severity> severity(String rule, Json value, String pointer) {
    String text = value instanceof Json.Str name ? name.value() : value.toString();
    boolean breaks = rule.startsWith("backward/") || rule.startsWith("forward/");
    if (text.equals("error")) {
      return Optional.of(Severity.ERROR);
    }
    if (text.equals("warning") && !breaks) {
      return Optional.of(Severity.WARNING);
    }
    wrong(
        pointer,
        text.equals("warning")
            ? "%s reports a break: waive it, with a reason".formatted(rule)
            : "%s is '%s', expected error or warning".formatted(rule, text));
    return Optional.empty();
  }

  private List<Waiver> waivers(Json.Obj contracts) {
    List<Waiver> waivers = new ArrayList<>();
    String pointer = "/contracts/waivers";
    switch (contracts.get("waivers").orElse(Json.Null.NULL)) {
      case Json.Null _ -> {}
      case Json.Arr(List<Json> items) -> {
        for (int i = 0; i < items.size(); i++) {
          waiver(items.get(i), pointer + "/" + i).ifPresent(waivers::add);
        }
      }
      case Json other -> wrong(pointer, "waivers is %s, expected a list".formatted(other));
    }
    return waivers;
  }

  private Optional<Waiver> waiver(Json item, String pointer) {
    if (!(item instanceof Json.Obj object)) {
      wrong(pointer, "a waiver is %s, expected contract, rule and reason".formatted(item));
      return Optional.empty();
    }
    keys(object, WAIVER, pointer);
    Optional<String> contract = text(object, "contract", pointer);
    Optional<String> rule = text(object, "rule", pointer);
    Optional<String> reason = text(object, "reason", pointer);
    Optional<LocalDate> until = object.get("until").flatMap(value -> day(value, pointer));
    return contract.isPresent() && rule.isPresent() && reason.isPresent()
        ? Optional.of(
            new Waiver(contract.get(), rule.get(), reason.get(), until, source.place(pointer)))
        : Optional.empty();
  }

  private Optional<String> text(Json.Obj object, String key, String pointer) {
    Optional<String> text = object.text(key).filter(value -> !value.isBlank());
    if (text.isEmpty()) {
      wrong(pointer, "a waiver has no %s, expected a text".formatted(key));
    }
    return text;
  }

  private Optional<LocalDate> day(Json value, String pointer) {
    try {
      return Optional.of(LocalDate.parse(value instanceof Json.Str text ? text.value() : ""));
    } catch (DateTimeParseException e) {
      wrong(
          JsonPointer.child(pointer, "until"),
          "until is %s, expected a day such as 2026-12-31".formatted(value));
      return Optional.empty();
    }
  }
}
