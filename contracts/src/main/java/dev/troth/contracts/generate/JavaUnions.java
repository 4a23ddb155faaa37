package dev.troth.contracts.generate;

import dev.troth.contracts.schema.JsonType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes what is one of several in Java: enums and sealed interfaces. */
final class JavaUnions {
  private final Model model;
  private final JavaTypes types;

  JavaUnions(Model model, JavaTypes types) {
    this.model = model;
    this.types = types;
  }

  static String choice(Declaration.Choice choice) {
    Names names = new Names(Set.of("JSON"));
    List<String> constants = new ArrayList<>();
    for (String value : choice.values()) {
      constants.add(
          "  /** %s */\n  %s(%s)"
              .formatted(
                  JavaCode.javadoc(value, "the empty text", "")
                      .strip()
                      .replaceAll("(?s)^/\\*\\*\\s*(\\* )?|\\s*\\*/$", ""),
                  names.free(Names.constant(value)),
                  Template.quote(value)));
    }
    return JavaCode.javadoc(choice.description(), "One of some texts.", "")
        + """
        public enum %1$s {
        %2$s;

          private final String json;

          %1$s(String json) {
            this.json = json;
          }

          /** The text in JSON. */
          public String json() {
            return json;
          }

          static %1$s decode(Json json) {
            String text = Decode.text(json);
            for (%1$s value : values()) {
              if (value.json.equals(text)) {
                return value;
              }
            }
            throw Decode.wrong(%3$s, json);
          }

          Json encode() {
            return new Json.Text(json);
          }
        }
        """
            .formatted(
                choice.name(),
                String.join(",\n", constants),
                Template.quote("one of " + String.join(", ", choice.values())));
  }

  String sum(Declaration.Sum sum) {
    StringBuilder cases = new StringBuilder();
    StringBuilder objects = new StringBuilder();
    StringBuilder records = new StringBuilder();
    for (Declaration.Case one : sum.cases()) {
      String read = types.decoder(one.type());
      if (!model.isStruct(one.type())) {
        String name = types.caseName(one.kind());
        records.append(caseRecord(sum.name(), one, name));
        read = "json0 -> new %s(Decode.read(%s, json0))".formatted(name, read);
      }
      if (one.kind() == JsonType.OBJECT) {
        objects.append(",\n              ").append(read);
      } else {
        cases.append(
            "      case %s ->\n          Decode.<%s>read(%s, json);\n"
                .formatted(JavaTypes.jsonCase(one.kind()), sum.name(), read));
      }
    }
    String expected = Template.quote(sum.expected());
    if (!objects.isEmpty()) {
      cases.append(
          "      case Json.Members _ ->\n          Decode.<%s>first(\n              json,\n              %s%s);\n"
              .formatted(sum.name(), expected, objects));
    }
    String otherwise =
        sum.cases().stream().map(Declaration.Case::kind).distinct().count() == 6
            ? ""
            : "      default -> throw Decode.wrong(%s, json);\n".formatted(expected);
    List<String> permitted =
        sum.cases().stream()
            .map(one ->
                model.isStruct(one.type())
                    ? types.type(one.type())
                    : sum.name() + "." + types.caseName(one.kind()))
            .distinct()
            .toList();
    String rules =
        sum.rules().map(of -> "    %s.read(json);\n".formatted(types.constant(of))).orElse("");
    return JavaCode.javadoc(sum.description(), "A value of one of several types.", "")
        + "public sealed interface %s\n    permits %s {\n"
            .formatted(sum.name(), String.join(", ", permitted))
        + records
        + "  static %s decode(Json json) {\n%s    return switch (json) {\n%s%s    };\n  }\n\n"
            .formatted(sum.name(), rules, cases, otherwise)
        + "  /** As a JSON value. */\n  Json encode();\n}\n";
  }

  private String caseRecord(String sum, Declaration.Case one, String name) {
    JavaChecks checks = new JavaChecks(types::type, types::encode);
    String constructor = checks.ofValue(one.type(), "value");
    StringBuilder patterns = new StringBuilder();
    checks
        .patterns()
        .forEach((text, pattern) ->
            patterns.append(
                "  private static final Pattern %s =\n      Pattern.compile(%s);\n\n"
                    .formatted(pattern, text)));
    String body =
        "  /** Of the JSON type %s. */\n".formatted(one.kind())
            + "record %s(%s value) implements %s {\n".formatted(name, types.type(one.type()), sum)
            + patterns
            + (constructor.isEmpty() ? "" : "  public %s {\n%s  }\n\n".formatted(name, constructor))
            + "  @Override\n  public Json encode() {\n    return %s;\n  }\n}\n"
                .formatted(types.encode(one.type(), "value", 0));
    return body.strip().indent(2) + "\n";
  }

  static String union(Declaration.Union union) {
    Set<String> branches = new TreeSet<>(union.branches().values());
    StringBuilder cases = new StringBuilder();
    union
        .branches()
        .forEach((text, struct) ->
            cases.append(
                "      case %s -> %s.decode(json);\n".formatted(Template.quote(text), struct)));
    String tag = Template.quote(union.tag());
    return JavaCode.javadoc(
            union.description(), "One of some objects, told apart by " + union.tag() + ".", "")
        + "public sealed interface %s permits %s {\n"
            .formatted(union.name(), String.join(", ", branches))
        + JavaCode.reading(union.name())
        + """
          static %s decode(Json json) {
            Decode.Fields fields = Decode.Fields.open(json);
            return switch (fields.required(%s, Decode::text)) {
        %s      default -> throw Decode.wrong(%s, json);
            };
          }

          /** As JSON. */
          String toJson();

          /** As a JSON value. */
          Json encode();
        }
        """
            .formatted(
                union.name(),
                tag,
                cases,
                Template.quote(
                    "a known "
                        + union.tag()
                        + ": "
                        + String.join(", ", union.branches().keySet())));
  }
}
