package dev.troth.contracts.avro;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Makes Avro schemas, and versions of them that a hasty author might have made. */
final class RandomAvro {
  private static final List<String> PLAIN =
      List.of("null", "boolean", "int", "long", "float", "double", "string", "bytes");

  private final RandomGenerator random;
  private int names;

  RandomAvro(RandomGenerator random) {
    this.random = random;
  }

  private boolean chance(int of) {
    return random.nextInt(of) == 0;
  }

  Json schema(int depth) {
    int kind = random.nextInt(depth > 0 ? 12 : 6);
    return switch (kind) {
      case 6, 7 -> record(depth);
      case 8 -> union(depth);
      case 9 -> complex("array", "items", schema(depth - 1));
      case 10 -> complex("map", "values", schema(depth - 1));
      case 5 -> symbols();
      case 4 -> named("fixed", "size", Json.Num.of(1 + random.nextInt(2)));
      default -> text(PLAIN.get(random.nextInt(PLAIN.size())));
    };
  }

  private static Json text(String value) {
    return new Json.Str(value);
  }

  private static Json complex(String type, String key, Json value) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("type", text(type));
    members.put(key, value);
    return new Json.Obj(members);
  }

  private Json named(String type, String key, Json value) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("type", text(type));
    members.put("name", text("N" + names++));
    members.put(key, value);
    return new Json.Obj(members);
  }

  private Json symbols() {
    Set<Json> symbols = new LinkedHashSet<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      symbols.add(text("S" + random.nextInt(4)));
    }
    Json.Obj written = (Json.Obj) named("enum", "symbols", new Json.Arr(List.copyOf(symbols)));
    return chance(4) ? with(written, "default", symbols.iterator().next()) : written;
  }

  private Json record(int depth) {
    List<Json> fields = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      fields.add(field("f" + i, schema(depth - 1)));
    }
    Json.Obj written = (Json.Obj) named("record", "fields", new Json.Arr(fields));
    if (chance(5)) {
      // A list: the record leads back to itself.
      Json next = new Json.Arr(List.of(text("null"), written.get("name").orElseThrow()));
      fields.add(field("next", next));
      return with(written, "fields", new Json.Arr(fields));
    }
    return written;
  }

  private Json field(String name, Json type) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("name", text(name));
    members.put("type", type);
    if (chance(3)) {
      fallback(type, members);
    }
    return new Json.Obj(members);
  }

  private static void fallback(Json type, Map<String, Json> field) {
    if (type instanceof Json.Str(String name)) {
      switch (name) {
        case "null" -> field.put("default", Json.Null.NULL);
        case "boolean" -> field.put("default", Json.Bool.TRUE);
        case "int", "long", "float", "double" -> field.put("default", Json.Num.of(1));
        case "string", "bytes" -> field.put("default", text("x"));
        default -> {}
      }
    } else if (type instanceof Json.Obj object && object.text("type").orElse("").equals("array")) {
      field.put("default", new Json.Arr(List.of()));
    }
  }

  private Json union(int depth) {
    Map<String, Json> branches = new LinkedHashMap<>();
    for (int i = 0; i <= 1 + random.nextInt(3); i++) {
      Json branch = schema(depth - 1);
      if (!(branch instanceof Json.Arr)) {
        String kind = branch instanceof Json.Obj object ? object.text("type").orElseThrow() : "";
        boolean many = kind.equals("record") || kind.equals("enum") || kind.equals("fixed");
        branches.put(many || kind.isEmpty() ? branch.toString() : kind, branch);
      }
    }
    return new Json.Arr(List.copyOf(branches.values()));
  }

  private static Json.Obj with(Json.Obj object, String key, Json value) {
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    members.put(key, value);
    return new Json.Obj(members);
  }

  /** A later version: here and there something was added, dropped, widened or replaced. */
  Json changed(Json schema, int depth) {
    if (chance(12)) {
      return schema(depth);
    }
    return switch (schema) {
      case Json.Str(String name) -> text(chance(4) ? widened(name) : name);
      case Json.Arr(List<Json> branches) -> {
        List<Json> kept = new ArrayList<>();
        for (Json branch : branches) {
          if (!chance(6)) {
            kept.add(chance(3) ? changedNamed(branch, depth) : branch);
          }
        }
        yield new Json.Arr(kept.isEmpty() ? branches : kept);
      }
      case Json.Obj object -> changedNamed(object, depth);
      case Json.Bool _, Json.Num _, Json.Null _ -> schema;
    };
  }

  private Json changedNamed(Json schema, int depth) {
    if (!(schema instanceof Json.Obj object)) {
      return schema;
    }
    return switch (object.text("type").orElseThrow()) {
      case "array" -> with(object, "items", changed(object.get("items").orElseThrow(), depth - 1));
      case "map" -> with(object, "values", changed(object.get("values").orElseThrow(), depth - 1));
      case "enum" -> {
        List<Json> symbols =
            new ArrayList<>(((Json.Arr) object.get("symbols").orElseThrow()).items());
        if (symbols.size() > 1 && chance(2)) {
          symbols.removeLast();
          yield with(without(object, "default"), "symbols", new Json.Arr(symbols));
        }
        symbols.add(text("T" + random.nextInt(4)));
        yield with(object, "symbols", new Json.Arr(symbols));
      }
      case "record" -> with(object, "fields", fields(object, depth));
      default -> object;
    };
  }

  private static Json.Obj without(Json.Obj object, String key) {
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    members.remove(key);
    return new Json.Obj(members);
  }

  private Json fields(Json.Obj object, int depth) {
    List<Json> fields = new ArrayList<>();
    for (Json item : ((Json.Arr) object.get("fields").orElseThrow()).items()) {
      Json.Obj field = (Json.Obj) item;
      if (!chance(6)) {
        Json type = field.get("type").orElseThrow();
        fields.add(
            chance(3)
                ? with(without(field, "default"), "type", changed(type, Math.max(0, depth - 1)))
                : field);
      }
    }
    if (chance(3)) {
      fields.add(field("g", schema(0)));
    }
    return new Json.Arr(fields);
  }

  private String widened(String name) {
    return switch (name) {
      case "int" -> "long";
      case "long" -> "double";
      case "string" -> "bytes";
      case "bytes" -> "string";
      default -> PLAIN.get(random.nextInt(PLAIN.size()));
    };
  }
}
