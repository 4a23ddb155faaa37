package dev.troth.watch.filter;

import dev.troth.cel.Environment;
import dev.troth.cel.Value;
import dev.troth.json.Json;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one change, as a filter names them. */
record ChangeScope(Change change) implements Environment.Scope {
  @Override
  public Value variable(String path) {
    int dot = path.indexOf('.');
    String root = dot < 0 ? path : path.substring(0, dot);
    return switch (root) {
      case FilterEnvironment.BEFORE -> value(at(change.before(), path, dot));
      case FilterEnvironment.AFTER -> value(at(change.after(), path, dot));
      case FilterEnvironment.CHANGE ->
          switch (path) {
            case "change.type" -> FilterEnvironment.text(change.type());
            case "change.actor" -> FilterEnvironment.text(change.actor());
            default -> new Value.Null();
          };
      default -> value(change.after().at(path));
    };
  }

  private static @Nullable Object at(Fields fields, String path, int dot) {
    return dot < 0 ? fields.values() : fields.at(path.substring(dot + 1));
  }

  @Override
  public Value call(String function, List<Value> arguments) {
    for (Value argument : arguments) {
      if (argument instanceof Value.Text(String field)
          && !Fields.same(change.before().at(field), change.after().at(field))) {
        return new Value.Bool(true);
      }
    }
    return new Value.Bool(false);
  }

  private static Value value(@Nullable Object found) {
    return switch (found) {
      case null -> new Value.Null();
      case Boolean bool -> new Value.Bool(bool);
      case String text -> FilterEnvironment.text(text);
      case Number number -> new Value.Decimal(new BigDecimal(number.toString()));
      default -> FilterEnvironment.FILTERS.value(json(found));
    };
  }

  private static Json json(@Nullable Object found) {
    return switch (found) {
      case null -> Json.Null.NULL;
      case Boolean bool -> Json.Bool.of(bool);
      case Number number -> new Json.Num(new BigDecimal(number.toString()));
      case List<?> list -> {
        List<Json> items = new ArrayList<>();
        list.forEach(item -> items.add(json(item)));
        yield new Json.Arr(items);
      }
      case Map<?, ?> map -> {
        Map<String, Json> members = new LinkedHashMap<>();
        map.forEach((key, member) -> members.put(String.valueOf(key), json(member)));
        yield new Json.Obj(members);
      }
      default -> new Json.Str(found.toString());
    };
  }
}
