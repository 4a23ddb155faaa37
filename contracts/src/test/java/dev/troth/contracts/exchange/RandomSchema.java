package dev.troth.contracts.exchange;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Schemas with what ODCS can say and, now and then, with what it cannot. */
public final class RandomSchema {
  private static final List<String> FORMATS = List.of("date", "date-time", "time", "email", "uuid");

  private final RandomGenerator random;

  public RandomSchema(RandomGenerator random) {
    this.random = random;
  }

  public Json next() {
    return chance(10) ? value(3) : object(3).json();
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private Json value(int depth) {
    if (chance(3)) {
      return Json.Bool.of(chance(50));
    }
    if (chance(5)) {
      return new JsonMembers().list("enum", List.of(new Json.Str("p"), new Json.Str(""))).json();
    }
    if (chance(5)) {
      return new JsonMembers()
          .list("anyOf", List.of(scalar("string").json(), scalar("integer").json()))
          .json();
    }
    if (depth > 0 && chance(25)) {
      return object(depth - 1).json();
    }
    if (depth > 0 && chance(20)) {
      JsonMembers array = new JsonMembers().put("type", type("array"));
      if (chance(80)) {
        array.put("items", value(depth - 1));
      }
      bounds(array, "minItems", "maxItems", 3);
      if (chance(20)) {
        array.flag("uniqueItems", true);
      }
      return array.json();
    }
    return scalar(List.of("string", "integer", "number", "boolean").get(random.nextInt(4))).json();
  }

  private Json type(String name) {
    return chance(20)
        ? new Json.Arr(List.of(new Json.Str(name), new Json.Str("null")))
        : new Json.Str(name);
  }

  private JsonMembers object(int depth) {
    JsonMembers object = new JsonMembers().put("type", type("object"));
    JsonMembers properties = new JsonMembers();
    List<Json> required = new ArrayList<>();
    for (String name : List.of("a", "b/c", "d")) {
      if (chance(70)) {
        properties.put(name, value(depth - 1));
      }
      if (chance(40)) {
        required.add(new Json.Str(name));
      }
    }
    object.put("properties", properties.json()).list("required", required);
    if (chance(30)) {
      object.flag("additionalProperties", false);
    }
    if (chance(15)) {
      bounds(object, "minProperties", "maxProperties", 3);
    }
    return object;
  }

  private JsonMembers scalar(String type) {
    JsonMembers scalar = new JsonMembers().put("type", type(type));
    switch (type) {
      case "string" -> {
        if (chance(25)) {
          scalar.text("format", FORMATS.get(random.nextInt(FORMATS.size())));
        } else if (chance(25)) {
          scalar.text("pattern", "^[a-c]*$");
        } else if (chance(30)) {
          scalar.list("enum", List.of(new Json.Str("x"), new Json.Str("yes"), Json.Null.NULL));
        } else {
          bounds(scalar, "minLength", "maxLength", 4);
        }
      }
      case "integer", "number" -> {
        if (chance(40)) {
          scalar.put(chance(50) ? "minimum" : "exclusiveMinimum", Json.Num.of(random.nextInt(5)));
        }
        if (chance(40)) {
          scalar.put(chance(50) ? "maximum" : "exclusiveMaximum", Json.Num.of(random.nextInt(9)));
        }
        if (chance(15)) {
          scalar.put("multipleOf", Json.Num.of(1 + random.nextInt(3)));
        }
      }
      default -> {
        if (chance(20)) {
          scalar.flag("const", true);
        }
      }
    }
    return scalar;
  }

  private void bounds(JsonMembers to, String least, String most, int high) {
    if (chance(50)) {
      to.put(least, Json.Num.of(random.nextInt(2)));
    }
    if (chance(50)) {
      to.put(most, Json.Num.of(1 + random.nextInt(high)));
    }
  }
}
