package dev.troth.contracts.exchange;

import dev.troth.contracts.Finding;
import dev.troth.contracts.Version;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a contract of a schema in an OpenAPI 3.0 or 3.1 document: {@code OpenApiImport.of(source,
 * new OpenApiImport.Wanted.Component("Order"))}. Schemas that it refers to come along as {@code
 * $defs}.
 */
public final class OpenApiImport {
  private static final List<String> METHODS =
      List.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  private final SourceFile source;
  private final Json.Obj document;
  private final List<Finding> findings = new ArrayList<>();

  private OpenApiImport(SourceFile source, Json.Obj document) {
    this.source = source;
    this.document = document;
  }

  /** What a contract is made of. */
  public sealed interface Wanted {
    /** A schema by its name under {@code components/schemas}. */
    record Component(String name) implements Wanted {}

    /** The request body of an operation. */
    record Request(String operationId) implements Wanted {}

    /**
     * What an operation answers with a status, such as {@code 200}, {@code 2XX} or {@code default}.
     */
    record Response(String operationId, String status) implements Wanted {}

    /** The only schema that there is. */
    record Only() implements Wanted {}
  }

  /** A schema, the pointer to it and what to call it. */
  private record Chosen(String name, String pointer) {}

  public static Conversion of(SourceFile source, Wanted wanted) {
    Json.Obj document = source.json() instanceof Json.Obj object ? object : new Json.Obj(Map.of());
    return new OpenApiImport(source, document).conversion(wanted);
  }

  private Conversion conversion(Wanted wanted) {
    String version =
        document.text("openapi").or(() -> document.text("swagger")).orElse("not given");
    if (!version.startsWith("3.0") && !version.startsWith("3.1")) {
      error("/openapi", "openapi is %s, expected 3.0.x or 3.1.x".formatted(version), "convert it");
      return new Conversion(new Json.Obj(Map.of()), findings);
    }
    Optional<Chosen> chosen =
        switch (wanted) {
          case Wanted.Component(String name) -> component(name);
          case Wanted.Only() -> only();
          case Wanted.Request(String id) -> request(id);
          case Wanted.Response(String id, String status) -> response(id, status);
        };
    if (chosen.isEmpty()) {
      return new Conversion(new Json.Obj(Map.of()), findings);
    }
    boolean old = version.startsWith("3.0");
    String lifted =
        switch (wanted) {
          case Wanted.Request _ -> "readOnly";
          case Wanted.Response _ -> "writeOnly";
          case Wanted.Component _, Wanted.Only _ -> "";
        };
    OpenApiSchemas schemas = new OpenApiSchemas(source, findings, old, lifted);
    Json.Obj schema = schemas.withDefinitions(chosen.get().pointer());
    return new Conversion(contract(chosen.get().name(), schema), findings);
  }

  private Json.Obj contract(String name, Json.Obj schema) {
    Json.Obj info = Odcs.object(document, "info");
    JsonMembers contract = new JsonMembers().text("contract", ContractNames.of(name));
    contract.text("version", version(info));
    Json.Obj contact = Odcs.object(info, "contact");
    Optional<String> owner =
        contact.text("name").or(() -> contact.text("email")).filter(text -> !text.isBlank());
    if (owner.isEmpty()) {
      warn("/info", "nobody owns the contract: there is no info.contact.name", "write the owner");
    }
    contract.text("owner", owner.orElse("unknown"));
    info.text("title")
        .filter(title -> !title.isBlank())
        .ifPresent(title -> contract.text("description", "%s of %s".formatted(name, title)));
    return contract.put("schema", schema).json();
  }

  private String version(Json.Obj info) {
    String written = info.text("version").orElse("");
    Optional<String> version =
        Version.parse(written)
            .map(Version::toString)
            .or(() -> Version.parse(written + ".0").map(Version::toString))
            .or(() -> Version.parse(written + ".0.0").map(Version::toString));
    if (version.filter(written::equals).isEmpty()) {
      warn(
          "/info/version",
          "version is '%s', expected MAJOR.MINOR.PATCH: read as %s"
              .formatted(written, version.orElse("0.1.0")),
          "write a semantic version");
    }
    return version.orElse("0.1.0");
  }

  private Optional<Chosen> component(String name) {
    String pointer = JsonPointer.child("/components/schemas", name);
    if (JsonPointer.find(document, pointer).isEmpty()) {
      error(
          "/components/schemas",
          "there is no schema '%s', expected one of %s".formatted(name, schemaNames()),
          "name a schema under components");
      return Optional.empty();
    }
    return Optional.of(new Chosen(name, pointer));
  }

  private List<String> schemaNames() {
    return List.copyOf(
        Odcs.object(Odcs.object(document, "components"), "schemas").members().keySet());
  }

  private Optional<Chosen> only() {
    List<String> names = schemaNames();
    if (names.size() == 1) {
      return component(names.getFirst());
    }
    error(
        "/components/schemas",
        "a contract is about one schema, found %d: %s".formatted(names.size(), names),
        "name one with --schema, or an operation with --operation");
    return Optional.empty();
  }

  private Optional<Chosen> request(String id) {
    return operation(id)
        .flatMap(at -> content(id, "the request body of " + id, at + "/requestBody"));
  }

  private Optional<Chosen> response(String id, String status) {
    Optional<String> operation = operation(id);
    if (operation.isEmpty()) {
      return Optional.empty();
    }
    String responses = operation.get() + "/responses";
    Optional<Json> all = JsonPointer.find(document, responses);
    if (all.orElse(null) instanceof Json.Obj answers && answers.get(status).isEmpty()) {
      error(
          responses,
          "%s does not answer '%s', expected one of %s"
              .formatted(id, status, answers.members().keySet()),
          "name a status that it answers");
      return Optional.empty();
    }
    return content(id + "_" + status, "answer " + status + " of " + id, responses + "/" + status);
  }

  /** The pointer to the operation of that id, among the paths and the webhooks. */
  private Optional<String> operation(String id) {
    List<String> known = new ArrayList<>();
    for (String part : List.of("paths", "webhooks")) {
      for (Map.Entry<String, Json> path : Odcs.object(document, part).members().entrySet()) {
        for (String method : METHODS) {
          String at = JsonPointer.child("/" + part, path.getKey()) + "/" + method;
          Optional<String> name =
              JsonPointer.find(document, at)
                  .flatMap(
                      it -> it instanceof Json.Obj o ? o.text("operationId") : Optional.empty());
          if (name.filter(id::equals).isPresent()) {
            return Optional.of(at);
          }
          name.ifPresent(known::add);
        }
      }
    }
    error(
        "/paths",
        "there is no operation '%s', expected one of %s".formatted(id, known),
        "name an operation by its operationId");
    return Optional.empty();
  }

  /** The schema of the JSON in a request body or a response. */
  private Optional<Chosen> content(String name, String what, String at) {
    String place = at;
    for (int hops = 0; hops < 10; hops++) {
      Optional<String> reference =
          JsonPointer.find(document, place)
              .flatMap(it -> it instanceof Json.Obj o ? o.text("$ref") : Optional.empty())
              .filter(ref -> ref.startsWith("#/"));
      if (reference.isEmpty()) {
        break;
      }
      place = reference.get().substring(1);
    }
    Json.Obj content =
        JsonPointer.find(document, place + "/content").orElse(null) instanceof Json.Obj it
            ? it
            : new Json.Obj(Map.of());
    for (String type : content.members().keySet()) {
      String essence = type.replaceFirst(";.*", "").strip();
      boolean json =
          essence.equals("application/json") || essence.endsWith("+json") || essence.equals("*/*");
      String schema = JsonPointer.child(place + "/content", type) + "/schema";
      if (json && JsonPointer.find(document, schema).isPresent()) {
        return Optional.of(new Chosen(name, schema));
      }
    }
    error(
        at,
        "%s has no JSON with a schema, found the media types %s"
            .formatted(what, content.members().keySet()),
        "choose one that has application/json");
    return Optional.empty();
  }

  private void error(String at, String message, String cure) {
    findings.add(Finding.error("openapi/choice", source.place(at), message, cure));
  }

  private void warn(String at, String message, String cure) {
    findings.add(Finding.warning("openapi/head", source.place(at), message, cure));
  }
}
