package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.CharTable;
import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What no type can say, as a table that generated code carries along and walks when it reads a
 * value: a row for each schema, in which other schemas are the numbers of their rows. References
 * are followed here and patterns are written in the language's syntax, so that the walk is short.
 */
final class Rules {
  /** Beyond that, a table takes longer to read than anybody waits. */
  private static final int LONGEST = 4_000_000;

  private final Schema schema;

  private Rules(Schema schema) {
    this.schema = schema;
  }

  /** The rules of a schema. */
  static Rules of(Schema schema) {
    return new Rules(schema);
  }

  /** Where the schema is written. */
  String place() {
    return "#" + schema.place().pointer();
  }

  /** Why there is no such table; empty if there is one. */
  Optional<String> problem() {
    try {
      int length = table(Portable.Syntax.GO).length();
      return length > LONGEST
          ? Optional.of("the checks of the schema take %,d characters".formatted(length))
          : Optional.empty();
    } catch (Unsupported e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** The table as JSON; the schema itself is its first row. */
  String table(Portable.Syntax syntax) {
    return JsonWriter.compact(new Json.Arr(List.copyOf(filled(syntax).rows)));
  }

  /** The formats that it asks for. */
  Set<Format> formats() {
    return filled(Portable.Syntax.GO).formats;
  }

  /** What the table leaves out, each with the schema that says it. */
  Map<Schema, String> unchecked() {
    return filled(Portable.Syntax.GO).unchecked;
  }

  private Table filled(Portable.Syntax syntax) {
    Table table = new Table(syntax);
    table.row(schema);
    table.fill();
    return table;
  }

  /** The rules that the code of one contract needs, each once, numbered as they come. */
  static final class Tables {
    private final List<Rules> all = new ArrayList<>();

    /** From 0. */
    int numberOf(Rules rules) {
      int known = all.indexOf(rules);
      if (known >= 0) {
        return known;
      }
      all.add(rules);
      return all.size() - 1;
    }

    boolean isEmpty() {
      return all.isEmpty();
    }

    List<Rules> all() {
      return List.copyOf(all);
    }
  }

  private static final class Unsupported extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unsupported(String message) {
      super(message);
    }
  }

  private static final class Table {
    private final Portable.Syntax syntax;
    private final IdentityHashMap<Schema, Integer> numbers = new IdentityHashMap<>();
    private final List<Schema> waiting = new ArrayList<>();
    private final List<Json> rows = new ArrayList<>();
    private final Set<Format> formats = EnumSet.noneOf(Format.class);
    private final Map<Schema, String> unchecked = new IdentityHashMap<>();

    Table(Portable.Syntax syntax) {
      this.syntax = syntax;
    }

    Json row(Schema schema) {
      Integer known = numbers.get(schema);
      if (known == null) {
        known = waiting.size();
        numbers.put(schema, known);
        waiting.add(schema);
      }
      return Json.Num.of(known);
    }

    void fill() {
      for (int i = 0; i < waiting.size(); i++) {
        Row row = new Row();
        Schema of = waiting.get(i);
        of.keywords().forEach(keyword -> add(of, keyword, row));
        rows.add(row.json());
      }
    }

    private Json list(List<Schema> schemas) {
      return new Json.Arr(schemas.stream().map(this::row).toList());
    }

    private Json byName(Map<String, Schema> schemas) {
      Map<String, Json> members = new LinkedHashMap<>();
      schemas.forEach((name, schema) -> members.put(name, row(schema)));
      return new Json.Obj(members);
    }

    private static Json texts(List<String> texts) {
      return new Json.Arr(texts.stream().map(text -> (Json) new Json.Str(text)).toList());
    }

    private static Json limit(int limit) {
      return Json.Num.of(limit == Integer.MAX_VALUE ? -1 : limit);
    }

    /** In the language's syntax, or else as an automaton that reads a text from its end. */
    private Optional<Json> pattern(Regex regex) {
      return Portable.pattern(regex, syntax)
          .map(text -> (Json) new Json.Str(text))
          .or(() -> regex.fromEnd().map(Table::automaton));
    }

    private static Json automaton(CharTable table) {
      List<Json> next = new ArrayList<>();
      for (int[] row : table.next()) {
        next.add(numbers(row));
      }
      int[] accepts = new int[table.accepts().length];
      for (int i = 0; i < accepts.length; i++) {
        accepts[i] = table.accepts()[i] ? 1 : 0;
      }
      return new Json.Arr(
          List.of(
              numbers(table.starts()),
              numbers(table.classOf()),
              new Json.Arr(next),
              numbers(accepts)));
    }

    private static Json numbers(int[] numbers) {
      return new Json.Arr(IntStream.of(numbers).mapToObj(n -> (Json) Json.Num.of(n)).toList());
    }

    private void add(Schema of, Keyword keyword, Row row) {
      switch (keyword) {
        case Keyword.Never _ -> row.put("types", texts(List.of()));
        case Keyword.Ref ref -> row.add("all", row(ref.link().target()));
        case Keyword.Type(var types, boolean wholeFloats) -> {
          row.put(
              "types",
              texts(
                  types.stream()
                      .map(type ->
                          type == JsonType.INTEGER && !wholeFloats ? "literal" : type.toString())
                      .toList()));
        }
        case Keyword.Enum(List<Json> values) -> row.add("values", new Json.Arr(values));
        case Keyword.Const(Json value) -> row.add("values", new Json.Arr(List.of(value)));
        case Keyword.Minimum(var limit, boolean exclusive) ->
            row.add("numbers", texts(List.of(exclusive ? ">" : ">=", limit.toString())));
        case Keyword.Maximum(var limit, boolean exclusive) ->
            row.add("numbers", texts(List.of(exclusive ? "<" : "<=", limit.toString())));
        case Keyword.MultipleOf(var divisor) ->
            row.add("numbers", texts(List.of("%", divisor.toString())));
        case Keyword.AtLeast(Keyword.Countable what, int limit) ->
            row.put("min" + what.name().toLowerCase(java.util.Locale.ROOT), limit(limit));
        case Keyword.AtMost(Keyword.Countable what, int limit) ->
            row.put("max" + what.name().toLowerCase(java.util.Locale.ROOT), limit(limit));
        case Keyword.Pattern(Regex regex) ->
            pattern(regex)
                .ifPresentOrElse(
                    known -> row.add("patterns", known),
                    () -> unchecked.put(of, SchemaChecks.unchecked(regex)));
        case Keyword.FormatOf(Format format) -> {
          if (Formats.isChecked(format)) {
            formats.add(format);
            row.add("formats", new Json.Str(format.toString()));
          }
          Formats.unchecked(format).ifPresent(what -> unchecked.put(of, what));
        }
        case Keyword.Items(List<Schema> prefix, var rest, var _, var _) -> {
          row.put("prefix", list(prefix));
          rest.ifPresent(schema -> row.put("rest", row(schema)));
        }
        case Keyword.UniqueItems _ -> row.put("unique", Json.Bool.TRUE);
        case Keyword.Contains(Schema schema, int min, int max, boolean _) ->
            row.put("contains", new Json.Arr(List.of(row(schema), limit(min), limit(max))));
        case Keyword.Required(List<String> names) -> row.put("required", texts(names));
        case Keyword.Properties properties -> properties(properties, row);
        case Keyword.PropertyNames(Schema schema) -> row.put("names", row(schema));
        case Keyword.DependentRequired dependent -> {
          Map<String, Json> needs = new LinkedHashMap<>();
          dependent.names().forEach((name, names) -> needs.put(name, texts(names)));
          row.add("needs", new Json.Obj(needs));
        }
        case Keyword.DependentSchemas dependent ->
            row.add("dependents", byName(dependent.schemas()));
        case Keyword.AllOf(List<Schema> schemas) ->
            schemas.forEach(schema -> row.add("all", row(schema)));
        case Keyword.AnyOf(List<Schema> schemas) -> row.add("any", list(schemas));
        case Keyword.OneOf(List<Schema> schemas) -> row.add("one", list(schemas));
        case Keyword.Not(Schema schema) -> row.add("not", row(schema));
        case Keyword.Conditional(Schema test, var then, var otherwise) ->
            row.add(
                "if",
                new Json.Arr(
                    List.of(
                        row(test),
                        then.map(this::row).orElse(Json.Num.of(-1)),
                        otherwise.map(this::row).orElse(Json.Num.of(-1)))));
        case Keyword.UnevaluatedProperties(Schema rest) -> row.put("unevaluated", row(rest));
        case Keyword.DynamicRef _, Keyword.UnevaluatedItems _ ->
            throw new Unsupported(
                "'%s' is not checked by generated code".formatted(keyword.keyword()));
      }
    }

    private void properties(Keyword.Properties properties, Row row) {
      row.put("named", byName(properties.named()));
      for (Keyword.PatternProperty property : properties.patterns()) {
        row.add(
            "matching",
            new Json.Arr(
                List.of(
                    pattern(property.regex())
                        .orElseThrow(
                            () -> new Unsupported(SchemaChecks.unchecked(property.regex()))),
                    row(property.schema()))));
      }
      properties.additional().ifPresent(schema -> row.put("additional", row(schema)));
    }
  }

  /** One row; what may be said several times is a list. */
  private static final class Row {
    private final Map<String, Json> members = new TreeMap<>();

    void put(String key, Json value) {
      members.put(key, value);
    }

    void add(String key, Json value) {
      List<Json> all = new ArrayList<>();
      if (members.get(key) instanceof Json.Arr(List<Json> items)) {
        all.addAll(items);
      }
      all.add(value);
      members.put(key, new Json.Arr(all));
    }

    Json json() {
      return new Json.Obj(members);
    }
  }
}
