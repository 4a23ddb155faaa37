package dev.troth.contracts.exchange;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Words of the Open Data Contract Standard (v3.1.0) and of what Troth adds to it.
 *
 * <p>The standard has room for other parties' words in {@code customProperties}. What it cannot say
 * itself is kept there under the names below, so that nothing is lost on the way back.
 */
final class Odcs {
  static final String API_VERSION = "v3.1.0";

  /** Key of a contract, or keyword of a schema, under which the standard's other parts are kept. */
  static final String KEPT = "x-odcs";

  static final String CUSTOM = "customProperties";
  static final String QUALITY = "quality";
  static final String OPTIONS = "logicalTypeOptions";

  /** The keywords of a schema that ODCS has no words for, or a schema that is true or false. */
  static final String JSON_SCHEMA = "trothJsonSchema";

  /** Subschemas that these keywords refer to; the value has the keyword's name and its content. */
  static final String DEFINITIONS = "trothJsonSchemaDefs";

  /** The draft; also a sign that {@link #NULLABLE} is said wherever null is allowed. */
  static final String DIALECT = "trothJsonSchemaDialect";

  static final String NULLABLE = "trothNullable";

  /** A member that must be there, though it may be null. */
  static final String PRESENCE = "trothPresence";

  static final String EXAMPLES = "trothExamples";

  static final String WAIVERS = "trothWaivers";

  private Odcs() {}

  static Json.Obj custom(String property, Json value) {
    return new JsonMembers().text("property", property).put("value", value).json();
  }

  /** The value of one custom property. */
  static Optional<Json> custom(Json.Obj element, String property) {
    return items(element, CUSTOM).stream()
        .filter(item -> item.text("property").filter(property::equals).isPresent())
        .findFirst()
        .flatMap(item -> item.get("value"));
  }

  /** The objects of a list; nothing else belongs there. */
  static List<Json.Obj> items(Json.Obj element, String name) {
    List<Json.Obj> objects = new ArrayList<>();
    if (element.get(name).orElse(null) instanceof Json.Arr(List<Json> items)) {
      for (Json item : items) {
        if (item instanceof Json.Obj object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  /** Which of the names are there, but not as lists of objects. */
  static List<String> misshapen(Json.Obj element, List<String> names) {
    return names.stream()
        .filter(name -> element.get(name).filter(value -> !isListOfObjects(value)).isPresent())
        .toList();
  }

  private static boolean isListOfObjects(Json value) {
    return value instanceof Json.Arr(List<Json> items)
        && items.stream().allMatch(Json.Obj.class::isInstance);
  }

  static Json.Obj object(Json.Obj parent, String name) {
    return parent.get(name).orElse(null) instanceof Json.Obj object
        ? object
        : new Json.Obj(Map.of());
  }
}
