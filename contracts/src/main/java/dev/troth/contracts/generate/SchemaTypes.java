package dev.troth.contracts.generate;

import dev.troth.contracts.Finding;
import dev.troth.contracts.json.Json;
import dev.troth.contracts.json.JsonPointer;
import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
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
      return new Type.Any();
    }
    Optional<Keyword.Ref> ref = schema.keyword(Keyword.Ref.class);
    if (ref.isPresent()) {
      return keywords.size() == 1
          ? type(ref.get().link().target(), hint)
          : refuse(schema, "$ref has keywords beside it", "move them to where it leads");
    }
    Optional<List<Schema>> branches = branches(schema);
    if (branches.isPresent()) {
      return choiceOf(schema, branches.get(), hint);
    }
    for (Keyword keyword : keywords) {
      if (Supported.by(keyword).isEmpty()) {
        return refuse(
            schema,
            "'%s' cannot be said by types".formatted(keyword.keyword()),
            "leave it out, or validate messages by 'contract validate' instead");
      }
    }
    Optional<List<Json>> values = values(schema);
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
      return refuse(
          schema,
          types.isEmpty() ? "there are keywords but no type" : "the type is one of " + types,
          "name one type (and null), or use oneOf of objects with a constant property");
    }
    Type type = plain(schema, types.iterator().next(), hint);
    return nullable ? new Type.Nullable(type) : type;
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
          yield refuse(
              schema,
              "'%s' gives positions types of their own".formatted(items.get().prefixKeyword()),
              "use an object");
        }
        Type item =
            items
                .flatMap(Keyword.Items::rest)
                .map(rest -> type(rest, hint + " item"))
                .orElse(new Type.Any());
        yield new Type.Many(item, checks);
      }
      case OBJECT -> object(schema, checks, hint);
      case NULL -> refuse(schema, "it is always null", "leave it out");
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

  private Type object(Schema schema, List<Keyword> checks, String hint) {
    Keyword.Properties properties =
        schema
            .keyword(Keyword.Properties.class)
            .orElse(new Keyword.Properties(Map.of(), List.of(), Optional.empty()));
    Set<String> required =
        new HashSet<>(
            schema.keyword(Keyword.Required.class).map(Keyword.Required::names).orElse(List.of()));
    if (!properties.patterns().isEmpty()) {
      return refuse(schema, "'patternProperties' cannot be said by types", "use a map");
    }
    boolean closed = properties.additional().filter(s -> s.source() == Json.Bool.FALSE).isPresent();
    if (properties.named().isEmpty() && required.isEmpty() && !closed) {
      Type value =
          properties.additional().map(s -> type(s, hint + " value")).orElse(new Type.Any());
      return new Type.Mapping(value, checks);
    }
    if (!checks.isEmpty()) {
      return refuse(
          schema,
          "'%s' beside declared properties cannot be said by types"
              .formatted(checks.getFirst().keyword()),
          "leave it out, or declare no properties");
    }
    String name = declare(schema, hint);
    List<Declaration.Property> members = new ArrayList<>();
    Map<String, String> fixed = new LinkedHashMap<>();
    Map<String, Schema> all = new LinkedHashMap<>(properties.named());
    for (String undeclared : required) {
      if (!all.containsKey(undeclared)) {
        refuse(
            schema,
            "'%s' is required and not among the properties".formatted(undeclared),
            "declare it");
      }
    }
    all.forEach((property, value) -> {
      Optional<String> constant = constant(value);
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
        closed
            ? Optional.empty()
            : Optional.of(
                properties.additional().map(s -> type(s, name + " value")).orElse(new Type.Any()));
    declarations.put(
        name, new Declaration.Struct(name, description(schema), members, fixed, additional));
    return new Type.Named(name);
  }

  /** The texts that {@code const} and {@code enum} leave, as the validator sees it. */
  private static Optional<List<Json>> values(Schema schema) {
    Optional<List<Json>> written =
        schema
            .keyword(Keyword.Const.class)
            .map(constant -> List.of(constant.value()))
            .or(() -> schema.keyword(Keyword.Enum.class).map(Keyword.Enum::values));
    Interpreter interpreter = new Interpreter(schema);
    return written.map(all -> all.stream().distinct().filter(interpreter::isValid).toList());
  }

  private Type oneOf(Schema schema, List<Json> values, String hint) {
    List<String> texts = new ArrayList<>();
    boolean nullable = false;
    for (Json value : values) {
      switch (value) {
        case Json.Str(String text) -> texts.add(text);
        case Json.Null _ -> nullable = true;
        case Json.Num _, Json.Bool _, Json.Arr _, Json.Obj _ -> {
          return refuse(schema, "the enum has the value " + value, "use texts (and null)");
        }
      }
    }
    if (texts.isEmpty()) {
      return refuse(schema, "no text is allowed", "allow one");
    }
    String name = declare(schema, hint);
    declarations.put(name, new Declaration.Choice(name, description(schema), texts));
    Type type = new Type.Named(name);
    return nullable ? new Type.Nullable(type) : type;
  }

  /** The branches of oneOf or anyOf, if there is nothing else but perhaps {@code type: object}. */
  private static Optional<List<Schema>> branches(Schema schema) {
    List<List<Schema>> found = new ArrayList<>();
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.OneOf(List<Schema> schemas) -> found.add(schemas);
        case Keyword.AnyOf(List<Schema> schemas) -> found.add(schemas);
        case Keyword.Type(Set<JsonType> types, _) when types.equals(Set.of(JsonType.OBJECT)) -> {}
        default -> {
          return Optional.empty();
        }
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  private Type choiceOf(Schema schema, List<Schema> branches, String hint) {
    List<Schema> values = branches.stream().filter(branch -> !isNull(branch)).toList();
    boolean nullable = values.size() < branches.size();
    if (nullable && branches.size() - values.size() == 1 && values.size() == 1) {
      Type type = type(values.getFirst(), hint);
      boolean twice = type instanceof Type.Nullable || type instanceof Type.Any;
      return twice
          ? refuse(schema, "both branches allow null", "allow it in one")
          : new Type.Nullable(type);
    }
    String cure = "give each branch an object with one required property of an own 'const'";
    if (nullable || values.size() < 2) {
      return refuse(schema, "the branches are not tagged objects", cure);
    }
    Optional<String> tag = tag(values);
    if (tag.isEmpty()) {
      return refuse(schema, "no property tells the branches apart", cure);
    }
    String name = declare(schema, hint);
    Map<String, String> structs = new LinkedHashMap<>();
    for (Schema branch : values) {
      String text =
          Optional.ofNullable(properties(branch).get(tag.get()))
              .flatMap(SchemaTypes::constant)
              .orElseThrow();
      if (type(branch, text) instanceof Type.Named(String struct)) {
        structs.put(text, struct);
      }
    }
    declarations.put(name, new Declaration.Union(name, description(schema), tag.get(), structs));
    return new Type.Named(name);
  }

  /** A required property that has another constant text in every branch. */
  private static Optional<String> tag(List<Schema> branches) {
    return properties(branches.getFirst()).keySet().stream()
        .filter(property -> {
          Set<String> texts = new HashSet<>();
          for (Schema branch : branches) {
            Optional<String> text =
                Optional.ofNullable(properties(branch).get(property))
                    .flatMap(SchemaTypes::constant);
            boolean required =
                target(branch)
                    .keyword(Keyword.Required.class)
                    .filter(r -> r.names().contains(property))
                    .isPresent();
            if (!required || text.isEmpty() || !texts.add(text.get())) {
              return false;
            }
          }
          return true;
        })
        .findFirst();
  }

  private static Map<String, Schema> properties(Schema branch) {
    return target(branch)
        .keyword(Keyword.Properties.class)
        .map(Keyword.Properties::named)
        .orElse(Map.of());
  }

  /** Where a chain of references ends. */
  private static Schema target(Schema schema) {
    Schema at = schema;
    while (at.keywords().size() == 1 && at.keywords().getFirst() instanceof Keyword.Ref ref) {
      at = ref.link().target();
    }
    return at;
  }

  private static boolean isNull(Schema schema) {
    return schema.keywords().size() == 1
        && schema.keywords().getFirst() instanceof Keyword.Type(Set<JsonType> types, _)
        && types.equals(Set.of(JsonType.NULL));
  }

  private static Optional<String> constant(Schema schema) {
    Optional<List<Json>> values = values(schema).filter(all -> all.size() == 1);
    boolean plain =
        schema.keywords().stream().noneMatch(keyword -> Supported.by(keyword).isEmpty());
    return plain && values.isPresent() && values.get().getFirst() instanceof Json.Str(String text)
        ? Optional.of(text)
        : Optional.empty();
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
    return new Type.Any();
  }
}
