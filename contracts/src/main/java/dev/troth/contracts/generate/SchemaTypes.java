package dev.troth.contracts.generate;

import dev.troth.contracts.Finding;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Derives a {@link Model} from a schema, and finds what no type can say. */
final class SchemaTypes {
  /** A list with more texts is data, and more than a class of Java holds. */
  private static final int MOST_CHOICES = 1_000;

  private static final int LONGEST_HINT = 40;

  private final Map<String, Declaration> declarations = new LinkedHashMap<>();
  private final IdentityHashMap<Schema, String> named = new IdentityHashMap<>();
  private final Set<Schema> underWay = new HashSet<>();
  private final Set<Schema> noSums = new HashSet<>();

  /** Schemas whose named types may also be null. */
  private final Set<Schema> nullables = new HashSet<>();

  private final Names names = Names.ofFiles(Names.Reserved.TYPES);
  private final SchemaChecks checks;
  private final int mostMembers;

  /**
   * Begins.
   *
   * @param nativeFormats whether moments, dates and the like get types of their own
   * @param mostMembers how many members one type may have
   */
  SchemaTypes(boolean nativeFormats, int mostMembers) {
    checks = new SchemaChecks(nativeFormats);
    this.mostMembers = mostMembers;
  }

  /** The model, unless there are findings. */
  Optional<Model> model(String contract, Schema root) {
    Type type = type(root, contract);
    declarations
        .values()
        .forEach(declaration -> {
          if (needs(declaration.name(), declaration.name(), new HashSet<>())) {
            checks.refuse(
                root,
                "no message is finite: every %s must contain another".formatted(declaration.name()),
                "make the property optional");
          }
        });
    if (findings().stream().anyMatch(Finding::isError)) {
      return Optional.empty();
    }
    String name =
        type instanceof Type.Named named && isMessage(declarations.get(named.name()))
            ? named.name()
            : wrapped(root, contract, type);
    return Optional.of(
        new Model(contract, name, List.copyOf(declarations.values()), checks.formats()));
  }

  private static boolean isMessage(@Nullable Declaration declaration) {
    return declaration instanceof Declaration.Struct || declaration instanceof Declaration.Union;
  }

  private String wrapped(Schema root, String contract, Type type) {
    String name = names.free(Names.upperCamel(contract));
    declarations.put(name, new Declaration.Wrapper(name, description(root), type));
    return name;
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
    return checks.findings();
  }

  private Type type(Schema schema, String hint) {
    String known = named.get(schema);
    if (known != null) {
      Type type = new Type.Named(known);
      return nullables.contains(schema) ? new Type.Nullable(type) : type;
    }
    if (!underWay.add(schema)) {
      // It contains itself without an object between that could have a name.
      return checked(schema);
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
    boolean nullable = types.size() > 1 && types.remove(JsonType.NULL);
    if (nullable) {
      nullables.add(schema);
    }
    if (types.contains(JsonType.NUMBER)) {
      types.remove(JsonType.INTEGER);
    }
    if (types.size() > 1) {
      ObjectParts object = ObjectParts.of(schema);
      boolean mapping = object.named().isEmpty() && object.required().isEmpty() && !object.closed();
      if (types.contains(JsonType.OBJECT) && !mapping) {
        return checked(schema);
      }
      List<JsonType> kinds = List.copyOf(types);
      Type sum =
          sum(
              schema,
              hint,
              false,
              () -> kinds.stream().map(kind -> plain(schema, kind, hint)).toList());
      return nullable && !(sum instanceof Type.Any) ? new Type.Nullable(sum) : sum;
    }
    if (types.isEmpty()) {
      return checked(schema);
    }
    Type type = plain(schema, types.iterator().next(), hint);
    return nullable && !(type instanceof Type.Any) ? new Type.Nullable(type) : type;
  }

  /** Any JSON that the schema's rules allow, for what no type can say. */
  private Type checked(Schema schema) {
    Optional<Rules> rules = checks.rules(schema);
    return rules.isPresent() ? new Type.Any(rules) : Type.ANY;
  }

  private Type plain(Schema schema, JsonType type, String hint) {
    List<Keyword> kept = Supported.checks(schema, type);
    return switch (type) {
      case BOOLEAN -> new Type.Truth();
      case INTEGER ->
          new Type.Whole(kept, !schema.keyword(Keyword.Type.class).orElseThrow().wholeFloats());
      case NUMBER -> new Type.Decimal(kept);
      case STRING -> checks.text(schema, kept);
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
        yield new Type.Many(item, kept);
      }
      case OBJECT -> object(schema, ObjectParts.of(schema), hint);
      case NULL -> checked(schema);
    };
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
    if (all.size() > mostMembers) {
      return checked(schema);
    }
    Optional<Rules> rules = parts.saysAll() ? Optional.empty() : checks.rules(schema);
    String name = declare(schema, hint);
    // Before its members, which may ask what it is.
    declarations.put(
        name, new Declaration.Struct(name, "", List.of(), Map.of(), Optional.empty(), rules));
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
        case Json.Null _ -> {
          nullable = true;
          nullables.add(schema);
        }
        case Json.Num _, Json.Bool _, Json.Arr _, Json.Obj _ -> {
          return checked(schema);
        }
      }
    }
    if (texts.isEmpty() || texts.size() > MOST_CHOICES) {
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
    if (nullable) {
      nullables.add(schema);
    }
    if (nullable && branches.size() - values.size() == 1 && values.size() == 1) {
      Type type = type(values.getFirst(), hint);
      boolean twice = type instanceof Type.Nullable || type instanceof Type.Any;
      return twice ? checked(schema) : new Type.Nullable(type);
    }
    if (values.isEmpty() || branches.size() - values.size() > 1) {
      return checked(schema);
    }
    Optional<String> tag = nullable ? Optional.empty() : Branches.tag(values);
    if (tag.isEmpty()
        || !values.stream().allMatch(b -> ObjectParts.of(Branches.target(b)).isObject())) {
      boolean one = schema.keyword(Keyword.OneOf.class).isPresent();
      Type sum =
          sum(
              schema,
              hint,
              one,
              () -> values.stream().map(branch -> type(branch, caseHint(branch, hint))).toList());
      return nullable && !(sum instanceof Type.Any) ? new Type.Nullable(sum) : sum;
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

  private static String caseHint(Schema branch, String hint) {
    return branch.annotation("title").orElse(null) instanceof Json.Str(String title)
            && title.length() <= LONGEST_HINT
        ? title
        : hint + " option";
  }

  /** A type for each branch; if there is none that keeps them apart, JSON that is checked. */
  private Type sum(Schema schema, String hint, boolean one, Supplier<List<Type>> branches) {
    if (noSums.contains(schema)) {
      return checked(schema);
    }
    Map<String, Declaration> declared = new LinkedHashMap<>(declarations);
    IdentityHashMap<Schema, String> known = new IdentityHashMap<>(named);
    Set<String> taken = names.taken();
    List<Finding> found = checks.findings();
    String name = declare(schema, hint);
    declarations.put(name, new Declaration.Sum(name, "", List.of(), Optional.empty()));
    Optional<SchemaSums.Cases> cases = SchemaSums.of(branches.get(), declarations, one);
    if (cases.isPresent() && cases.get().cases().size() > 1) {
      Optional<Rules> rules = cases.get().exact() ? Optional.empty() : checks.rules(schema);
      declarations.put(
          name, new Declaration.Sum(name, description(schema), cases.get().cases(), rules));
      return new Type.Named(name);
    }
    declarations.clear();
    declarations.putAll(declared);
    named.clear();
    named.putAll(known);
    names.reset(taken);
    checks.reset(found);
    noSums.add(schema);
    if (cases.isPresent() && cases.get().cases().getFirst().kind() == JsonType.STRING) {
      return new Type.Text(List.of(), checks.rules(schema));
    }
    return checked(schema);
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
}
