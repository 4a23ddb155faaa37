package dev.troth.contracts.exchange;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a contract as an ODCS v3.1.0 document: {@code OdcsExport.of(contract).document()}. What
 * ODCS cannot say goes into its custom properties, with a warning that other tools do not read it.
 */
public final class OdcsExport {
  private final Contract contract;
  private final List<Finding> findings = new ArrayList<>();

  private OdcsExport(Contract contract) {
    this.contract = contract;
  }

  public static Conversion of(Contract contract) {
    return new OdcsExport(contract).conversion();
  }

  private Conversion conversion() {
    if (contract.schema().isEmpty()) {
      findings.add(
          Finding.error(
              "odcs/avro",
              "/schema",
              "the schema is Avro, expected JSON Schema",
              "describe the messages in JSON Schema; ODCS has no place for an Avro schema"));
      return new Conversion(new Json.Obj(Map.of()), findings);
    }
    Json schema = contract.json().get("schema").orElseThrow();
    Json.Obj kept = Odcs.object(contract.json(), Odcs.KEPT);
    OdcsElementWriter writer = new OdcsElementWriter(contract, findings);
    JsonMembers element = writer.root(schema, contract.name());
    List<Json> quality = new ArrayList<>(writer.quality());
    contract.rules().forEach(rule -> quality.add(rule(rule)));
    element.list(Odcs.QUALITY, quality);

    JsonMembers document =
        new JsonMembers()
            .text("apiVersion", Odcs.API_VERSION)
            .text("kind", "DataContract")
            .put("id", kept.get("id").orElse(new Json.Str(contract.name())))
            .text("name", kept.text("name").orElse(contract.name()))
            .text("version", contract.version().toString())
            .text("status", kept.text("status").orElse("active"))
            .put("tags", contract.json().get("tags"))
            .put("description", description(kept))
            .put("team", team(kept))
            .list("schema", List.of(element.json()));
    List<Json> levels = new ArrayList<>(OdcsSla.write(contract.sla()));
    levels.addAll(Odcs.items(kept, "slaProperties"));
    document.list("slaProperties", levels);
    document.list(Odcs.CUSTOM, custom(schema, writer, kept));
    return new Conversion(document.others(kept).json(), findings);
  }

  private Json.Obj description(Json.Obj kept) {
    JsonMembers description = new JsonMembers();
    contract.description().ifPresent(text -> description.text("purpose", text));
    return description.others(Odcs.object(kept, "description")).json();
  }

  /** Before v3.1.0 a team was a list of its members. */
  private Json.Obj team(Json.Obj kept) {
    if (kept.get("team").orElse(null) instanceof Json.Arr members) {
      return new JsonMembers().text("name", contract.owner()).put("members", members).json();
    }
    return new JsonMembers()
        .text("name", contract.owner())
        .others(Odcs.object(kept, "team"))
        .json();
  }

  /** A rule is a check of an engine of its own, which the standard calls custom. */
  private static Json rule(Contract.Rule rule) {
    return new JsonMembers()
        .text("type", "custom")
        .text("engine", "cel")
        .text("name", rule.id())
        .text("description", rule.description())
        .text("severity", rule.severity() == Finding.Severity.ERROR ? "error" : "warning")
        .text("implementation", rule.check().source())
        .json();
  }

  private List<Json> custom(Json schema, OdcsElementWriter writer, Json.Obj kept) {
    List<Json> custom = new ArrayList<>();
    String dialect = contract.schema().orElseThrow().dialect().draft().uri();
    custom.add(Odcs.custom(Odcs.DIALECT, new Json.Str(dialect)));
    if (writer.refers() && schema instanceof Json.Obj root) {
      JsonMembers definitions = new JsonMembers();
      definitions.put("$defs", root.get("$defs")).put("definitions", root.get("definitions"));
      if (!definitions.isEmpty()) {
        custom.add(Odcs.custom(Odcs.DEFINITIONS, definitions.json()));
      }
    }
    if (!contract.examples().isEmpty()) {
      custom.add(Odcs.custom(Odcs.EXAMPLES, new Json.Arr(contract.examples())));
      only("/examples", "examples of whole messages");
    }
    contract
        .json()
        .members()
        .forEach((key, value) -> {
          boolean waivers = key.equals("waivers");
          if (waivers || (key.startsWith("x-") && !key.equals(Odcs.KEPT))) {
            custom.add(Odcs.custom(waivers ? Odcs.WAIVERS : key, value));
            only("/" + key, "'" + key + "'");
          }
        });
    custom.addAll(Odcs.items(kept, Odcs.CUSTOM));
    return custom;
  }

  private void only(String pointer, String what) {
    findings.add(
        Finding.warning(
            "odcs/custom",
            pointer,
            "ODCS has no place for %s: kept in customProperties, which other tools do not read"
                .formatted(what),
            "nothing, if only Troth needs it"));
  }
}
