package dev.troth.contracts.generate;

import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.Keyword;
import dev.troth.json.JsonPointer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The statements of a compact constructor. */
final class JavaChecks {
  private final Function<Type, String> types;
  private final Encoder encoder;
  private final Map<String, String> patterns = new LinkedHashMap<>();

  /** How a value of a type is written as JSON; the number keeps names apart. */
  interface Encoder {
    String encode(Type type, String value, int depth);
  }

  JavaChecks(Function<Type, String> types, Encoder encoder) {
    this.types = types;
    this.encoder = encoder;
  }

  /** Names of constants by the pattern's source in quotes. */
  Map<String, String> patterns() {
    return patterns;
  }

  String of(Declaration.Property property, String name) {
    Type type = property.type();
    StringBuilder out = new StringBuilder();
    String at = Template.quote(JsonPointer.child("", property.name()));
    boolean primitive =
        property.required() && List.of("boolean", "long").contains(types.apply(type));
    if (!primitive) {
      out.append("    Objects.requireNonNull(%s, %s);\n".formatted(name, Template.quote(name)));
    }
    if (property.required()) {
      out.append(copy(type, name));
      statements(type, at, name, 0).forEach(s -> out.append("    ").append(s).append('\n'));
    } else {
      String copied = copied(type, "v");
      if (!copied.equals("v")) {
        out.append("    %s = %s.map(v -> %s);\n".formatted(name, name, copied));
      }
      List<String> statements = statements(type, at, "v", 1);
      if (!statements.isEmpty()) {
        out.append("    %s.ifPresent(v -> %s);\n".formatted(name, block(statements)));
      }
    }
    return out.toString();
  }

  /** Of the value of a wrapper. */
  String ofValue(Type type, String name) {
    StringBuilder out = new StringBuilder();
    if (!List.of("boolean", "long").contains(types.apply(type))) {
      out.append("    Objects.requireNonNull(%s, %s);\n".formatted(name, Template.quote(name)));
    }
    out.append(copy(type, name));
    statements(type, "\"\"", name, 0).forEach(s -> out.append("    ").append(s).append('\n'));
    return out.toString();
  }

  String ofOthers(Type type, String name, String declared) {
    StringBuilder out = new StringBuilder();
    out.append("    %s = %s;\n".formatted(name, copied(new Type.Mapping(type, List.of()), name)));
    if (!declared.isEmpty()) {
      out.append("    Check.others(%s, %s);\n".formatted(name, declared));
    }
    statements(new Type.Mapping(type, List.of()), "\"\"", name, 0)
        .forEach(s -> out.append("    ").append(s).append('\n'));
    return out.toString();
  }

  private static String copy(Type type, String name) {
    String copied = copied(type, name);
    return copied.equals(name) ? "" : "    %s = %s;\n".formatted(name, copied);
  }

  /** Collections are copied, so that they cannot change afterwards. */
  private static String copied(Type type, String name) {
    return switch (type) {
      case Type.Many _ -> "List.copyOf(" + name + ")";
      case Type.Mapping _ -> "Collections.unmodifiableMap(new LinkedHashMap<>(" + name + "))";
      case Type.Nullable(Type inner) -> {
        String copied = copied(inner, "n");
        yield copied.equals("n") ? name : name + ".map(n -> " + copied + ")";
      }
      case Type.Any _,
          Type.Truth _,
          Type.Whole _,
          Type.Decimal _,
          Type.Text _,
          Type.Stamp _,
          Type.Named _ ->
          name;
    };
  }

  private static String block(List<String> statements) {
    return statements.size() == 1
        ? statements.getFirst().replaceFirst(";$", "")
        : "{ " + String.join(" ", statements) + " }";
  }

  private List<String> statements(Type type, String at, String value, int depth) {
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Named _ -> List.of();
      case Type.Whole whole -> {
        String decimal =
            whole.fitsLong()
                ? "BigDecimal.valueOf(" + value + ")"
                : "new BigDecimal(" + value + ")";
        yield whole.checks().stream().map(check -> number(check, at, decimal)).toList();
      }
      case Type.Decimal decimal ->
          decimal.checks().stream().map(check -> number(check, at, value)).toList();
      case Type.Text text -> text.checks().stream().map(check -> text(check, at, value)).toList();
      case Type.Stamp(var format) ->
          List.of("Check.format(%s, Json.text(%s), \"%s\");".formatted(at, value, format));
      case Type.Many many -> {
        var all = new java.util.ArrayList<String>();
        for (Keyword check : many.checks()) {
          all.add(
              check instanceof Keyword.UniqueItems
                  ? "Check.unique(%s, %s, u -> %s);"
                      .formatted(at, value, encoder.encode(many.item(), "u", depth + 10))
                  : size(check, at, value));
        }
        all.addAll(inside("each", many.item(), at, value, depth));
        yield all;
      }
      case Type.Mapping mapping -> {
        var all = new java.util.ArrayList<String>();
        mapping.checks().forEach(check -> all.add(size(check, at, value)));
        all.addAll(inside("eachValue", mapping.value(), at, value, depth));
        yield all;
      }
      case Type.Nullable(Type inner) -> {
        String name = "n" + depth;
        List<String> statements = statements(inner, at, name, depth + 1);
        yield statements.isEmpty()
            ? List.of()
            : List.of("%s.ifPresent(%s -> %s);".formatted(value, name, block(statements)));
      }
    };
  }

  private List<String> inside(String each, Type type, String at, String value, int depth) {
    String where = "at" + (depth + 1);
    String item = "item" + (depth + 1);
    List<String> statements = statements(type, where, item, depth + 1);
    return statements.isEmpty()
        ? List.of()
        : List.of(
            "Check.%s(%s, %s, (%s, %s) -> %s);"
                .formatted(each, at, value, where, item, block(statements)));
  }

  private static String size(Keyword check, String at, String value) {
    return switch (check) {
      case Keyword.AtLeast(_, int limit) ->
          "Check.minSize(%s, %s.size(), %d);".formatted(at, value, limit);
      case Keyword.AtMost(_, int limit) ->
          "Check.maxSize(%s, %s.size(), %d);".formatted(at, value, limit);
      default -> throw new IllegalStateException(check.keyword() + " is not about sizes");
    };
  }

  private static String number(Keyword check, String at, String value) {
    String call =
        switch (check) {
          case Keyword.Minimum(var limit, boolean exclusive) ->
              "%s(%%s, %%s, \"%s\")".formatted(exclusive ? "above" : "atLeast", limit);
          case Keyword.Maximum(var limit, boolean exclusive) ->
              "%s(%%s, %%s, \"%s\")".formatted(exclusive ? "below" : "atMost", limit);
          case Keyword.MultipleOf(var divisor) -> "multipleOf(%%s, %%s, \"%s\")".formatted(divisor);
          default -> throw new IllegalStateException(check.keyword() + " is not about numbers");
        };
    return "Check." + call.formatted(at, value) + ";";
  }

  private String text(Keyword check, String at, String value) {
    return switch (check) {
      case Keyword.AtLeast(_, int limit) ->
          "Check.minLength(%s, %s, %d);".formatted(at, value, limit);
      case Keyword.AtMost(_, int limit) ->
          "Check.maxLength(%s, %s, %d);".formatted(at, value, limit);
      case Keyword.Pattern(var regex) ->
          "Check.pattern(%s, %s, %s);"
              .formatted(
                  at,
                  value,
                  constant(Portable.pattern(regex, Portable.Syntax.JAVA).orElseThrow(), "PATTERN"));
      case Keyword.FormatOf(var format) ->
          "Check.format(%s, %s, \"%s\");".formatted(at, value, format);
      default -> throw new IllegalStateException(check.keyword() + " is not about texts");
    };
  }

  private String constant(String pattern, String wanted) {
    String quoted = Template.quote(pattern);
    String known = patterns.get(quoted);
    if (known == null) {
      known = wanted;
      for (int i = 2; patterns.containsValue(known); i++) {
        known = wanted + "_" + i;
      }
      patterns.put(quoted, known);
    }
    return known;
  }
}
