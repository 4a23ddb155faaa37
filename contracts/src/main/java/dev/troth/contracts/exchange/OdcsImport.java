package dev.troth.contracts.exchange;

import dev.troth.contracts.Finding;
import dev.troth.contracts.Version;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an ODCS v3 document as a contract: {@code OdcsImport.of(source, Optional.empty())}. What a
 * contract does not know is kept under {@code x-odcs}, from where the export writes it back.
 */
public final class OdcsImport {
  private static final Set<String> UNDERSTOOD =
      Set.of("apiVersion", "kind", "version", "tags", "schema", "slaProperties", Odcs.CUSTOM);

  private static final Pattern LOOSE_VERSION =
      Pattern.compile("v?(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?");

  private final SourceFile source;
  private final Json.Obj document;
  private final List<Finding> findings = new ArrayList<>();

  private OdcsImport(SourceFile source, Json.Obj document) {
    this.source = source;
    this.document = document;
  }

  /**
   * The contract about one object of the document.
   *
   * @param object its name; may be missing if there is only one
   */
  public static Conversion of(SourceFile source, Optional<String> object) {
    Json.Obj document =
        source.json() instanceof Json.Obj written ? written : new Json.Obj(Map.of());
    return new OdcsImport(source, document).conversion(object);
  }

  private Conversion conversion(Optional<String> wanted) {
    String apiVersion = document.text("apiVersion").orElse("none");
    if (!apiVersion.startsWith("v3.")) {
      error(
          "odcs/version",
          "/apiVersion",
          "apiVersion is %s, expected v3.0 to v3.1".formatted(apiVersion),
          "bring the document to ODCS v3.1.0");
      return nothing();
    }
    for (String name : Odcs.misshapen(document, List.of("schema", "slaProperties", Odcs.CUSTOM))) {
      error(
          "odcs/form",
          "/" + name,
          "%s is not a list of objects".formatted(name),
          "write it as the standard's schema demands");
    }
    List<Json.Obj> objects = Odcs.items(document, "schema");
    Optional<Json.Obj> chosen = choose(objects, wanted);
    if (chosen.isEmpty()) {
      return nothing();
    }
    boolean ours = Odcs.custom(document, Odcs.DIALECT).isPresent();
    OdcsElementReader reader = new OdcsElementReader(source, findings, ours);
    String at = JsonPointer.child("/schema", objects.indexOf(chosen.get()));
    JsonMembers contract = new JsonMembers().text("contract", name(chosen.get()));
    contract.text("version", version()).text("owner", owner());
    Json.Obj description = Odcs.object(document, "description");
    description.text("purpose").ifPresent(text -> contract.text("description", text));
    contract.put("tags", document.get("tags"));
    OdcsElementReader.Root root = reader.root(chosen.get(), at);
    contract.put("schema", definitions(root.schema()));
    contract.list("rules", root.rules());
    JsonMembers promises = new JsonMembers();
    List<Json> otherLevels = levels(promises);
    if (!promises.isEmpty()) {
      contract.put("sla", promises.json());
    }
    Odcs.custom(document, Odcs.EXAMPLES).ifPresent(examples -> contract.put("examples", examples));
    kept(contract, otherLevels);
    return new Conversion(contract.json(), findings);
  }

  private Conversion nothing() {
    return new Conversion(new Json.Obj(Map.of()), findings);
  }

  private Optional<Json.Obj> choose(List<Json.Obj> objects, Optional<String> wanted) {
    List<String> names = objects.stream().map(o -> o.text("name").orElse("?")).toList();
    if (wanted.isEmpty() && objects.size() == 1) {
      return Optional.of(objects.getFirst());
    }
    Optional<Json.Obj> found =
        objects.stream().filter(o -> o.text("name").equals(wanted)).findFirst();
    if (found.isEmpty()) {
      error(
          "odcs/object",
          "/schema",
          wanted.isPresent()
              ? "there is no object '%s', expected one of %s".formatted(wanted.get(), names)
              : "a contract is about one object, found %d: %s".formatted(names.size(), names),
          "name one with --schema");
      return found;
    }
    for (Json.Obj other : objects) {
      if (!other.equals(found.get())) {
        warn(
            "odcs/object",
            JsonPointer.child("/schema", objects.indexOf(other)),
            "the object '%s' is left out".formatted(other.text("name").orElse("?")),
            "import it into a contract of its own with --schema");
      }
    }
    return found;
  }

  private String name(Json.Obj object) {
    String written =
        object
            .text("name")
            .or(() -> document.text("name"))
            .or(() -> document.text("id"))
            .orElse("contract");
    String name = ContractNames.of(written);
    if (!name.equals(written)) {
      warn(
          "odcs/name",
          "/schema",
          "'%s' is no name of a contract, written as '%s'".formatted(written, name),
          "choose another name");
    }
    return name;
  }

  private String version() {
    String written =
        document
            .get("version")
            .map(value -> value instanceof Json.Str(String text) ? text : value.toString())
            .orElse("");
    if (Version.parse(written).isPresent()) {
      return written;
    }
    Matcher loose = LOOSE_VERSION.matcher(written);
    String version =
        loose.matches() ? part(loose, 1) + "." + part(loose, 2) + "." + part(loose, 3) : "0.1.0";
    warn(
        "odcs/semver",
        "/version",
        "version is '%s', expected MAJOR.MINOR.PATCH: read as %s".formatted(written, version),
        "write a semantic version");
    return version;
  }

  private static String part(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? "0" : digits.replaceFirst("^0+(?=\\d)", "");
  }

  /** The team, else the member who owns it, else whose domain it is. */
  private String owner() {
    Optional<String> owner =
        Odcs.object(document, "team")
            .text("name")
            .or(this::owningMember)
            .or(() -> document.text("domain"))
            .or(() -> document.text("tenant"));
    if (owner.isEmpty()) {
      warn(
          "odcs/owner",
          "",
          "nobody owns the contract: neither team.name nor a member with the role owner",
          "write the owner");
    }
    return owner.orElse("unknown");
  }

  private Optional<String> owningMember() {
    List<Json.Obj> members = new ArrayList<>(Odcs.items(document, "team"));
    members.addAll(Odcs.items(Odcs.object(document, "team"), "members"));
    return members.stream()
        .filter(m -> m.text("role").filter(r -> r.equalsIgnoreCase("owner")).isPresent())
        .findFirst()
        .flatMap(m -> m.text("username"));
  }

  /** Puts the definitions back that references in the schema lead to. */
  private Json definitions(Json schema) {
    if (!(schema instanceof Json.Obj object)) {
      return schema;
    }
    JsonMembers members = new JsonMembers();
    Odcs.custom(document, Odcs.DIALECT)
        .filter(uri -> !uri.equals(new Json.Str("https://json-schema.org/draft/2020-12/schema")))
        .ifPresent(uri -> members.put("$schema", uri));
    members.others(object);
    if (Odcs.custom(document, Odcs.DEFINITIONS).orElse(null) instanceof Json.Obj definitions) {
      members.others(definitions);
    }
    return members.json();
  }

  /** Promises that a contract knows; the others are returned. */
  private List<Json> levels(JsonMembers promises) {
    List<Json> others = new ArrayList<>();
    int index = 0;
    for (Json.Obj level : Odcs.items(document, "slaProperties")) {
      String at = JsonPointer.child("/slaProperties", index++);
      Optional<String> name = OdcsSla.name(level).filter(known -> !promises.has(known));
      Optional<Json> value = name.flatMap(known -> OdcsSla.read(known, level));
      if (value.isEmpty()) {
        others.add(level);
        warn(
            "odcs/sla",
            at,
            "the promise %s is not one that a contract knows: kept under x-odcs, not compared"
                .formatted(level),
            "state availability in percent, latency, retention or freshness in ms to years");
        continue;
      }
      promises.put(name.orElseThrow(), value.get());
      if (OdcsSla.isYears(level)) {
        warn("odcs/years", at, "a year is read as 365 days: " + level, "state it in days");
      }
      level
          .text("element")
          .ifPresent(element ->
              warn(
                  "odcs/sla",
                  at,
                  "the promise is about %s, a contract promises it of all messages"
                      .formatted(element),
                  "nothing, if that is meant"));
    }
    return others;
  }

  /** Everything that has no place in a contract, so that an export can put it back. */
  private void kept(JsonMembers contract, List<Json> levels) {
    Map<String, Json> kept = new LinkedHashMap<>(document.members());
    kept.keySet().removeAll(UNDERSTOOD);
    String name = contract.json().text("contract").orElseThrow();
    kept.computeIfPresent("id", (_, id) -> id.equals(new Json.Str(name)) ? null : id);
    kept.computeIfPresent("name", (_, it) -> it.equals(new Json.Str(name)) ? null : it);
    kept.computeIfPresent("status", (_, it) -> it.equals(new Json.Str("active")) ? null : it);
    without(kept, "description", "purpose");
    without(kept, "team", "name");
    if (!levels.isEmpty()) {
      kept.put("slaProperties", new Json.Arr(levels));
    }
    List<Json> custom = new ArrayList<>();
    for (Json.Obj property : Odcs.items(document, Odcs.CUSTOM)) {
      String key = property.text("property").orElse("");
      boolean ours = List.of(Odcs.DIALECT, Odcs.DEFINITIONS, Odcs.EXAMPLES).contains(key);
      boolean waivers = key.equals(Odcs.WAIVERS);
      if (waivers || (key.startsWith("x-") && !key.equals(Odcs.KEPT))) {
        contract.put(waivers ? "waivers" : key, property.get("value"));
      } else if (!ours) {
        custom.add(property);
      }
    }
    if (!custom.isEmpty()) {
      kept.put(Odcs.CUSTOM, new Json.Arr(custom));
    }
    if (!kept.isEmpty()) {
      contract.put(Odcs.KEPT, new Json.Obj(kept));
    }
  }

  private static void without(Map<String, Json> kept, String member, String name) {
    if (kept.get(member) instanceof Json.Obj object) {
      Map<String, Json> others = new LinkedHashMap<>(object.members());
      others.remove(name);
      kept.put(member, new Json.Obj(others));
      if (others.isEmpty()) {
        kept.remove(member);
      }
    }
  }

  private void error(String rule, String at, String message, String cure) {
    findings.add(Finding.error(rule, source.place(at), message, cure));
  }

  private void warn(String rule, String at, String message, String cure) {
    findings.add(Finding.warning(rule, source.place(at), message, cure));
  }
}
