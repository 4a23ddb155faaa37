package dev.troth.contracts.generate;

import dev.troth.contracts.Finding;
import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Derives a {@link Model} from a schema, and finds what no type can say. */
final class SchemaTypes {
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final IdentityHashMap<Schema, String> named = new IdentityHashMap<>();
  private final Set<Schema> underWay = new HashSet<>();
  private final Names names = new Names(Reserved.TYPES);

  /** The model, unless there are findings. */
  Optional<Model> model(String contract, Schema root) {
    Type type = type(root, contract);
    if (findings.isEmpty() && !(type instanceof Type.Named)) {
      refuse(root, "the message is not an object, an enum or a tagged union", "wrap it in one");
    }
    declarations
        .values()
        .forEach(declaration -> {
          if (needs(declaration.name(), declaration.name(), new HashSet<>())) {
            refuse(
                root,
                "no message is finite: every %s must contain another".formatted(declaration.name()),
                "make the property optional");
          }
        });
    return findings.isEmpty() && type instanceof Type.Named(String name)
        ? Optional.of(new Model(contract, name, List.copyOf(declarations.values())))
        : Optional.empty();
  }

  /** Whether each struct of one name must have one of the other inside. */
  private boolean needs(String outer, String inner, Set<String> seen) {
    return declarations.get(outer) instanceof Declaration.Struct struct
        && struct.properties().stream()
            .anyMatch(property ->
                property.required()
                    && property.type() instanceof Type.Named(String name)
                    && (name.equals(inner) || (seen.add(name) && needs(name, inner, seen))));
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  private Type type(Schema schema, String hint) {
    String known = named.get(schema);
    if (known != null) {
      return new Type.Named(known);
    }
    if (!underWay.add(schema)) {
      return refuse(schema, "it contains itself without an object between", "put it in an object");
    }
    try {
      return derive(schema, hint);
    } finally {
      underWay.remove(schema);
    }
  }

  private Type derive(Schema schema, String hint) {
    List<Keyword> keywords = schema.keywords();
    if (keywords.isEmpty()) {
      return Type.ANY;
    }
    Optional<Keyword.Ref> ref = schema.keyword(Keyword.Ref.class);
    if (ref.isPresent() && keywords.size() == 1) {
      return type(ref.get().link().target(), hint);
    }
    Optional<List<Schema>> branches = Branches.of(schema);
    if (branches.isPresent()) {
      return choiceOf(schema, branches.get(), hint);
    }
    ObjectParts parts = ObjectParts.of(schema);
    if (parts.isObject()) {
      return object(schema, parts, hint);
    }
    if (keywords.stream().anyMatch(keyword -> Supported.by(keyword).isEmpty())) {
      return checked(schema);
    }
    Optional<List<Json>> values = Branches.values(schema);
    if (values.isPresent()) {
      return oneOf(schema, values.get(), hint);
    }
    Set<JsonType> types =
        schema
            .keyword(Keyword.Type.class)
            .map(type -> EnumSet.copyOf(type.types()))
            .orElse(EnumSet.noneOf(JsonType.class));
    if (types.contains(JsonType.INTEGER)
        && !schema.keyword(Keyword.Type.class).orElseThrow().wholeFloats()) {
      return refuse(schema, "draft 4 tells 1.0 from 1", "set $schema to draft 7 or later");
    }
    boolean nullable = types.size() > 1 && types.remove(JsonType.NULL);
    if (types.contains(JsonType.NUMBER)) {
      types.remove(JsonType.INTEGER);
    }
    if (types.size() != 1) {
      return checked(schema);
    }
    Type type = plain(schema, types.iterator().next(), hint);
    return nullable && !(type instanceof Type.Any) ? new Type.Nullable(type) : type;
  }

  /** Any JSON that the schema's rules allow, for what no type can say. */
  private Type checked(Schema schema) {
    Rules rules = Rules.of(schema);
    Optional<String> problem = rules.problem();
    return problem.isPresent()
        ? refuse(schema, problem.get(), "leave it out, or use 'contract validate' instead")
        : new Type.Any(Optional.of(rules));
  }

  private Type plain(Schema schema, JsonType type, String hint) {
    List<Keyword> checks = Supported.checks(schema, type);
    return switch (type) {
      case BOOLEAN -> new Type.Truth();
      case INTEGER -> new Type.Whole(checks);
      case NUMBER -> new Type.Decimal(checks);
      case STRING -> text(schema, checks);
      case ARRAY -> {
        Optional<Keyword.Items> items = schema.keyword(Keyword.Items.class);
        if (items.isPresent() && !items.get().prefix().isEmpty()) {
          yield checked(schema);
        }
        Type item =
            items
                .flatMap(Keyword.Items::rest)
                .map(rest -> type(rest, hint + " item"))
                .orElse(Type.ANY);
        yield new Type.Many(item, checks);
      }
      case OBJECT -> object(schema, ObjectParts.of(schema), hint);
      case NULL -> checked(schema);
    };
  }

  private Type text(Schema schema, List<Keyword> checks) {
    for (Keyword check : checks) {
      if (check instanceof Keyword.FormatOf(var format) && Formats.of(format).isEmpty()) {
        return refuse(
            schema,
            "format '%s' is not checked by generated code".formatted(format),
            "use one of %s, or a pattern".formatted(Formats.KNOWN));
      }
      if (check instanceof Keyword.Pattern(var regex)
          && Portable.pattern(regex, Portable.Syntax.GO).isEmpty()) {
        return refuse(
            schema,
            "the pattern '%s' does not mean the same in every language".formatted(regex),
            "write it without look-around, back references and \\b");
      }
    }
    return new Type.Text(checks);
  }

  private Type object(Schema schema, ObjectParts parts, String hint) {
    Map<String, Schema> all = parts.named();
    Set<String> required = parts.required();
    if (all.isEmpty() && required.isEmpty() && !parts.closed()) {
      boolean plain =
          parts.parts().size() == 1
              && schema.keywords().stream()
                  .allMatch(keyword ->
                      !Supported.by(keyword).isEmpty()
                          && !(keyword instanceof Keyword.Properties properties
                              && !properties.patterns().isEmpty()));
      if (!plain) {
        return checked(schema);
      }
      Type value = parts.additional().map(s -> type(s, hint + " value")).orElse(Type.ANY);
      return new Type.Mapping(value, Supported.checks(schema, JsonType.OBJECT));
    }
    Optional<Rules> rules = parts.saysAll() ? Optional.empty() : Optional.of(Rules.of(schema));
    Optional<String> problem = rules.flatMap(Rules::problem);
    if (problem.isPresent()) {
      return refuse(schema, problem.get(), "leave it out, or use 'contract validate' instead");
    }
    String name = declare(schema, hint);
    List<Declaration.Property> members = new ArrayList<>();
    Map<String, String> fixed = new LinkedHashMap<>();
    all.forEach((property, value) -> {
      Optional<String> constant = Branches.constant(value);
      if (constant.isPresent() && required.contains(property)) {
        fixed.put(property, constant.get());
        return;
      }
      Type type = type(value, name + " " + property);
      members.add(
          new Declaration.Property(
              property, description(value), type, required.contains(property)));
    });
    Optional<Type> additional =
        parts.closed()
            ? Optional.empty()
            : Optional.of(parts.additional().map(s -> type(s, name + " value")).orElse(Type.ANY));
    declarations.put(
        name, new Declaration.Struct(name, description(schema), members, fixed, additional, rules));
    return new Type.Named(name);
  }

  private Type oneOf(Schema schema, List<Json> values, String hint) {
    List<String> texts = new ArrayList<>();
    boolean nullable = false;
    for (Json value : values) {
      switch (value) {
        case Json.Str(String text) -> texts.add(text);
        case Json.Null _ -> nullable = true;
        case Json.Num _, Json.Bool _, Json.Arr _, Json.Obj _ -> {
          return checked(schema);
        }
      }
    }
    if (texts.isEmpty()) {
      return checked(schema);
    }
    String name = declare(schema, hint);
    declarations.put(name, new Declaration.Choice(name, description(schema), texts));
    Type type = new Type.Named(name);
    return nullable ? new Type.Nullable(type) : type;
  }

  private Type choiceOf(Schema schema, List<Schema> branches, String hint) {
    List<Schema> values = branches.stream().filter(branch -> !Branches.isNull(branch)).toList();
    boolean nullable = values.size() < branches.size();
    if (nullable && branches.size() - values.size() == 1 && values.size() == 1) {
      Type type = type(values.getFirst(), hint);
      boolean twice = type instanceof Type.Nullable || type instanceof Type.Any;
      return twice ? checked(schema) : new Type.Nullable(type);
    }
    Optional<String> tag = nullable ? Optional.empty() : Branches.tag(values);
    if (tag.isEmpty()
        || !values.stream().allMatch(b -> ObjectParts.of(Branches.target(b)).isObject())) {
      return checked(schema);
    }
    String name = declare(schema, hint);
    Map<String, String> structs = new LinkedHashMap<>();
    for (Schema branch : values) {
      String text =
          Optional.ofNullable(Branches.properties(branch).get(tag.get()))
              .flatMap(Branches::constant)
              .orElseThrow();
      if (type(branch, text) instanceof Type.Named(String struct)) {
        structs.put(text, struct);
      }
    }
    declarations.put(name, new Declaration.Union(name, description(schema), tag.get(), structs));
    return new Type.Named(name);
  }

  private String declare(Schema schema, String hint) {
    List<String> steps = JsonPointer.tokens(schema.place().pointer()).orElse(List.of());
    int last = steps.size() - 1;
    boolean definition =
        last >= 1
            && (steps.get(last - 1).equals("$defs") || steps.get(last - 1).equals("definitions"));
    String name = names.free(Names.upperCamel(definition ? steps.get(last) : hint));
    named.put(schema, name);
    return name;
  }

  private static String description(Schema schema) {
    for (String annotation : List.of("description", "title")) {
      if (schema.annotation(annotation).orElse(null) instanceof Json.Str(String text)) {
        return text;
      }
    }
    return "";
  }

  private Type refuse(Schema schema, String reason, String cure) {
    findings.add(
        Finding.error(
            "generate/unsupported",
            schema.place().toString(),
            "%s: %s"
                .formatted(
                    schema.place().pointer().isEmpty() ? "the root" : schema.place().pointer(),
                    reason),
            cure));
    return Type.ANY;
  }
}
