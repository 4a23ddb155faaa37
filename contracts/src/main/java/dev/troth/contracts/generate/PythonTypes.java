package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.JsonType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How values of a type are written, read and encoded in Python. */
final class PythonTypes {
  /** Where names come from, in the order of their lines. */
  private static final List<Map.Entry<String, List<String>>> IMPORTS =
      List.of(
          Map.entry("collections.abc", List.of("Mapping")),
          Map.entry("dataclasses", List.of("dataclass", "field")),
          Map.entry("datetime", List.of("date as Date", "datetime as DateTime", "time as Time")),
          Map.entry("decimal", List.of("Decimal")),
          Map.entry("enum", List.of("Enum")),
          Map.entry("typing", List.of("Final", "Union")),
          Map.entry("uuid", List.of("UUID")));

  private final Model model;
  private final Rules.Tables rules = new Rules.Tables();
  private final Set<String> written = new HashSet<>();

  PythonTypes(Model model) {
    this.model = model;
  }

  String type(Type type) {
    return switch (type) {
      case Type.Any _ -> "Json";
      case Type.Truth _ -> "bool";
      case Type.Whole _ -> "int";
      case Type.Decimal _ -> "Decimal";
      case Type.Text _ -> "str";
      case Type.Stamp(Format format) ->
          switch (format) {
            case DATE_TIME -> "DateTime";
            case DATE -> "Date";
            case TIME -> "Time";
            case UUID -> "UUID";
            default -> "str";
          };
      case Type.Many many -> "tuple[" + type(many.item()) + ", ...]";
      case Type.Mapping mapping -> "Mapping[str, " + type(mapping.value()) + "]";
      case Type.Nullable nullable -> type(nullable.type()) + " | None";
      case Type.Named(String name) -> name;
    };
  }

  String decoder(Type type) {
    return switch (type) {
      case Type.Any(var of) -> of.map(r -> constant(r) + ".read").orElse("support.anything");
      case Type.Truth _ -> "support.truth";
      case Type.Whole whole -> whole.literal() ? "support.literal_whole" : "support.whole";
      case Type.Decimal _ -> "support.decimal";
      case Type.Text text ->
          text.rules().map(r -> constant(r) + ".read_text").orElse("support.text");
      case Type.Stamp(Format format) -> "support." + Names.snake(format.toString());
      case Type.Many many -> "support.many(" + decoder(many.item()) + ")";
      case Type.Mapping mapping -> "support.mapping(" + decoder(mapping.value()) + ")";
      case Type.Nullable nullable -> "support.nullable(" + decoder(nullable.type()) + ")";
      case Type.Named(String name) ->
          model.isUnion(name) ? "decode_" + Names.snake(name) : name + ".decode";
    };
  }

  String encode(Type type, String value, int depth) {
    String inner = "v" + (depth + 1);
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Whole _, Type.Decimal _, Type.Text _ -> value;
      case Type.Stamp(Format format) ->
          format == Format.URI ? value : "support.written(" + value + ")";
      case Type.Many many ->
          "[%s for %s in %s]".formatted(encode(many.item(), inner, depth + 1), inner, value);
      case Type.Mapping mapping ->
          "{k%d: %s for k%d, %s in %s.items()}"
              .formatted(depth, encode(mapping.value(), inner, depth + 1), depth, inner, value);
      case Type.Nullable nullable -> {
        String encoded = encode(nullable.type(), value, depth);
        yield encoded.equals(value)
            ? value
            : "(None if %s is None else %s)".formatted(value, encoded);
      }
      case Type.Named(String name) ->
          model.declaration(name) instanceof Declaration.Sum
              ? "encode_%s(%s)".formatted(Names.snake(name), value)
              : value + ".encode()";
    };
  }

  /** A type in an expression that is evaluated: in quotes if it names a later union. */
  String known(String type) {
    boolean later =
        model.declarations().stream()
            .map(Declaration::name)
            .anyMatch(name ->
                model.isUnion(name) && !written.contains(name) && Template.uses(type, name));
    return later ? Template.quote(type) : type;
  }

  /** From here on, expressions may use the union's name. */
  void wrote(String union) {
    written.add(union);
  }

  /** A union of Python's own types, with the functions that read and write it. */
  String sum(Declaration.Sum sum, PythonChecks checks) {
    List<String> names = sum.cases().stream().map(one -> known(type(one.type()))).toList();
    StringBuilder decode = new StringBuilder();
    sum.rules().ifPresent(of -> decode.append("    %s.read(value, at)\n".formatted(constant(of))));
    StringBuilder encode = new StringBuilder();
    List<String> objects = new ArrayList<>();
    boolean encodable = false;
    int number = 0;
    for (Declaration.Case one : sum.cases()) {
      if (one.kind() == JsonType.OBJECT) {
        objects.add(decoder(one.type()));
      } else {
        String name = "case" + ++number;
        decode.append("    if %s:\n".formatted(isKind(one.kind())));
        decode.append("        %s = %s(value, at)\n".formatted(name, decoder(one.type())));
        List<String> lines = checks.of(one.type(), "\"\"", name, 0);
        if (!lines.isEmpty()) {
          decode.append("        with support.under(at):\n");
          lines.forEach(line -> decode.append("            ").append(line).append('\n'));
        }
        decode.append("        return %s\n".formatted(name));
      }
      if (one.type() instanceof Type.Named) {
        encodable = true;
      } else {
        encode.append(
            "    if isinstance(value, %s):\n        return %s\n"
                .formatted(held(one), encode(one.type(), "value", 0)));
      }
    }
    String expected = Template.quote(sum.expected());
    if (objects.size() > 1) {
      objects.forEach(object ->
          decode.append(
              "    try:\n        return %s(value, at)\n    except InvalidJson:\n        pass\n"
                  .formatted(object)));
    }
    decode.append(
        objects.size() == 1
            ? "    return %s(value, at)\n".formatted(objects.getFirst())
            : "    support.refuse(at, %s, value)\n".formatted(expected));
    if (encodable) {
      encode.append("    return value.encode()\n");
    }
    String text = encode.toString();
    if (!encodable) {
      // The last of the types needs no question.
      int last = text.lastIndexOf("    if isinstance");
      text = text.substring(0, last) + text.substring(text.indexOf("        return", last) + 4);
    }
    return "%s = Union[%s]\n# DOC\n".formatted(sum.name(), String.join(", ", names))
        + """


        def decode_%1$s(value: Json, at: str = "") -> %2$s:
            \"""Read one from a JSON value.\"""
        %3$s

        def encode_%1$s(value: %2$s) -> Json:
            \"""As a JSON value.\"""
        %4$s\
        """
            .formatted(Names.snake(sum.name()), sum.name(), decode, text);
  }

  private static String isKind(JsonType kind) {
    return switch (kind) {
      case STRING -> "isinstance(value, str)";
      case NUMBER, INTEGER -> "isinstance(value, (int, Decimal)) and not isinstance(value, bool)";
      case BOOLEAN -> "isinstance(value, bool)";
      case ARRAY -> "isinstance(value, (list, tuple))";
      case OBJECT -> "isinstance(value, Mapping)";
      case NULL -> "value is None";
    };
  }

  /** The class of a case's values in Python. */
  private String held(Declaration.Case one) {
    return switch (one.kind()) {
      case ARRAY -> "tuple";
      case OBJECT -> "Mapping";
      default -> type(one.type());
    };
  }

  /** Whether None can stand for a member that is not there. */
  static boolean absentIsNone(Type type) {
    return !(type instanceof Type.Nullable || type instanceof Type.Any);
  }

  String constant(Rules of) {
    return "_RULES_%d".formatted(1 + rules.numberOf(of));
  }

  /** Whether rules were asked for. */
  boolean hasRules() {
    return !rules.isEmpty();
  }

  /** A line for each table that was asked for. */
  String constants() {
    StringBuilder out = new StringBuilder();
    for (Rules of : rules.all()) {
      out.append(
          "%s: Final = rules.Rules(\n    %s,\n    %s,\n)\n"
              .formatted(
                  constant(of),
                  Template.quote(of.place()),
                  Template.quote(of.table(Portable.Syntax.PYTHON))));
    }
    return out.toString();
  }

  /** The imports of what a module uses, and nothing else. */
  static String imports(String text) {
    String code = Template.code(text) + unions(text);
    StringBuilder out = new StringBuilder("from __future__ import annotations\n\n");
    out.append(Template.uses(code, "re") ? "import re\n" : "");
    IMPORTS.forEach(from -> {
      List<String> used =
          from.getValue().stream()
              .filter(name -> Template.uses(code, name.substring(name.lastIndexOf(' ') + 1)))
              .toList();
      if (!used.isEmpty()) {
        out.append("from %s import %s\n".formatted(from.getKey(), String.join(", ", used)));
      }
    });
    // A field may be called rules, too.
    List<String> modules =
        Stream.of("rules.Rules", "support")
            .filter(name -> Template.uses(code, name))
            .map(name -> name.replaceFirst("\\..*", ""))
            .toList();
    out.append("\nfrom . import %s\n".formatted(String.join(", ", modules)));
    if (Template.uses(code, "CoreSchema")) {
      out.append("from .pydantic_types import CoreSchema, adapter\n");
    }
    return out.append("from .support import InvalidJson")
        .append(Template.uses(code, "Json") ? ", Json\n" : "\n")
        .toString();
  }

  /**
   * The lines of unions: types that come later stand there in quotes, and are used all the same.
   */
  private static String unions(String text) {
    return text.lines()
        .filter(line -> line.contains(" = Union["))
        .map(line -> line.replace('"', ' '))
        .collect(Collectors.joining("\n", "\n", ""));
  }
}
