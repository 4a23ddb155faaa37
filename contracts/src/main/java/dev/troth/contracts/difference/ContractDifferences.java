package dev.troth.contracts.difference;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.difference.Difference.Kind;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything that differs between two contracts: {@code ContractDifferences.of(old, next)}. It says
 * what changed, not whom it breaks; that is for {@code contract check} to prove.
 */
public final class ContractDifferences {
  private static final List<String> PROMISES =
      List.of("availability", "latency", "retention", "freshness");

  /** Keys that are told in words of their own. */
  private static final Set<String> TOLD =
      Set.of(
          "contract",
          "version",
          "owner",
          "description",
          "schema",
          "rules",
          "sla",
          "examples",
          "documents");

  private final Contract old;
  private final Contract next;
  private final List<Difference> differences = new ArrayList<>();

  private ContractDifferences(Contract old, Contract next) {
    this.old = old;
    this.next = next;
  }

  /** In the order of a contract file; none if both mean and say the same. */
  public static List<Difference> of(Contract old, Contract next) {
    ContractDifferences both = new ContractDifferences(old, next);
    both.compare();
    return both.differences;
  }

  private void compare() {
    text("name", "/contract", Contract::name);
    text("version", "/version", contract -> contract.version().toString());
    text("owner", "/owner", Contract::owner);
    text("description", "/description", contract -> contract.description().orElse(""));
    shape();
    rules();
    promises();
    examples();
    Set<String> keys = new LinkedHashSet<>(old.json().members().keySet());
    keys.addAll(next.json().members().keySet());
    keys.removeAll(TOLD);
    for (String key : keys) {
      value(key, JsonPointer.child("", key), old.json().get(key), next.json().get(key));
    }
  }

  private void text(String subject, String pointer, Function<Contract, String> part) {
    String before = part.apply(old);
    String after = part.apply(next);
    if (!before.equals(after)) {
      add(
          Kind.CHANGED,
          subject,
          subject.equals("version")
              ? before + " → " + after
              : Phrases.shown(new Json.Str(before)) + " → " + Phrases.shown(new Json.Str(after)),
          pointer,
          Optional.of(new Json.Str(before)),
          Optional.of(new Json.Str(after)));
    }
  }

  private void shape() {
    Optional<Schema> before = old.schema();
    Optional<Schema> after = next.schema();
    if (before.isPresent() && after.isPresent()) {
      new SchemaDifferences(differences).compare(before.get(), after.get());
    } else if (before.isPresent() || after.isPresent()) {
      String words = after.isPresent() ? "Avro → JSON Schema" : "JSON Schema → Avro";
      add(Kind.CHANGED, "schema language", words, "/schema", Optional.empty(), Optional.empty());
    } else if (old.shape() instanceof Contract.Shape.Avro(Json was)
        && next.shape() instanceof Contract.Shape.Avro(Json is)) {
      avro(was, is);
    }
  }

  /** The fields of two records; what is deeper is told as JSON. */
  private void avro(Json was, Json is) {
    Map<String, Json> before = named(was, "fields", "name");
    Map<String, Json> after = named(is, "fields", "name");
    both(before, after)
        .forEach(name ->
            value(
                "field " + name,
                "/schema",
                Optional.ofNullable(before.get(name)),
                Optional.ofNullable(after.get(name))));
    if (before.equals(after)) {
      value("Avro schema", "/schema", Optional.of(was), Optional.of(is));
    }
  }

  private static Map<String, Json> named(Json parent, String list, String key) {
    Map<String, Json> named = new LinkedHashMap<>();
    if (parent instanceof Json.Obj object
        && object.get(list).orElse(null) instanceof Json.Arr(List<Json> items)) {
      for (Json item : items) {
        if (item instanceof Json.Obj one) {
          one.text(key).ifPresent(name -> named.put(name, one));
        }
      }
    }
    return named;
  }

  private static Set<String> both(Map<String, ?> before, Map<String, ?> after) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    return names;
  }

  private void rules() {
    Map<String, Contract.Rule> before = byId(old);
    Map<String, Contract.Rule> after = byId(next);
    for (String id : both(before, after)) {
      Contract.Rule was = before.get(id);
      Contract.Rule is = after.get(id);
      String subject = "rule " + id;
      if (was == null && is != null) {
        add(Kind.ADDED, subject, is.check().source(), at(next, id), Optional.empty(), json(is));
      } else if (is == null && was != null) {
        add(Kind.REMOVED, subject, was.check().source(), at(old, id), json(was), Optional.empty());
      } else if (was != null && is != null) {
        rule(subject, was, is);
      }
    }
  }

  private void rule(String subject, Contract.Rule was, Contract.Rule is) {
    String at = at(next, is.id());
    if (!was.check().source().equals(is.check().source())) {
      String words = was.check().source() + " → " + is.check().source();
      add(Kind.CHANGED, subject, words, at, json(was), json(is));
    }
    if (was.severity() != is.severity()) {
      String words = "severity " + word(was.severity()) + " → " + word(is.severity());
      add(Kind.CHANGED, subject, words, at, json(was), json(is));
    }
    if (!was.description().equals(is.description())
        && was.check().source().equals(is.check().source())) {
      String words = "description \"%s\" → \"%s\"".formatted(was.description(), is.description());
      add(Kind.CHANGED, subject, words, at, json(was), json(is));
    }
  }

  private static String word(Finding.Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Contract.Rule> byId(Contract contract) {
    Map<String, Contract.Rule> rules = new LinkedHashMap<>();
    contract.rules().forEach(rule -> rules.put(rule.id(), rule));
    return rules;
  }

  private static Optional<Json> json(Contract.Rule rule) {
    return Optional.of(new Json.Str(rule.check().source()));
  }

  private static String at(Contract contract, String id) {
    List<String> ids = contract.rules().stream().map(Contract.Rule::id).toList();
    return JsonPointer.child("/rules", ids.indexOf(id));
  }

  private void examples() {
    if (!old.examples().equals(next.examples())) {
      int were = old.examples().size();
      int are = next.examples().size();
      String words = were == are ? "other content" : "%d → %d".formatted(were, are);
      add(
          Kind.CHANGED,
          "examples",
          words,
          "/examples",
          old.json().get("examples"),
          next.json().get("examples"));
    }
  }

  /** Values that mean the same, such as 1h and 60m, are no difference. */
  private void promises() {
    for (String name : PROMISES) {
      Optional<? extends Comparable<?>> was = promise(old, name);
      Optional<? extends Comparable<?>> is = promise(next, name);
      if (!was.equals(is)) {
        value("sla " + name, "/sla/" + name, written(old, name), written(next, name));
      }
    }
  }

  private static Optional<? extends Comparable<?>> promise(Contract contract, String name) {
    return switch (name) {
      case "availability" -> contract.sla().availability().map(p -> p.stripTrailingZeros());
      case "latency" -> contract.sla().latency();
      case "retention" -> contract.sla().retention();
      default -> contract.sla().freshness();
    };
  }

  private static Optional<Json> written(Contract contract, String name) {
    return JsonPointer.find(contract.json(), "/sla/" + name);
  }

  private void value(String subject, String pointer, Optional<Json> before, Optional<Json> after) {
    if (before.equals(after)) {
      return;
    }
    String was = before.map(ContractDifferences::plain).orElse("");
    String is = after.map(ContractDifferences::plain).orElse("");
    Kind kind = before.isEmpty() ? Kind.ADDED : after.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
    add(kind, subject, kind == Kind.CHANGED ? was + " → " + is : was + is, pointer, before, after);
  }

  private static String plain(Json value) {
    return value instanceof Json.Str(String text) ? text : Phrases.shown(value);
  }

  private void add(
      Kind kind,
      String subject,
      String words,
      String pointer,
      Optional<Json> before,
      Optional<Json> after) {
    differences.add(new Difference(kind, subject, words, pointer, before, after));
  }
}
