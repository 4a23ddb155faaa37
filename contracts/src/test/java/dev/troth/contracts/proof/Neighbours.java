package dev.troth.contracts.proof;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Valid documents of a schema: some that the solver finds, and small changes of those. */
final class Neighbours {
  private static final List<Json> ODD =
      List.of(
          Json.Null.NULL,
          Json.Bool.TRUE,
          Json.Num.of(-1),
          Json.Num.of(7),
          new Json.Str("foo"),
          new Json.Arr(List.of(Json.Num.of(1), new Json.Str("bar"))),
          new Json.Obj(Map.of("foo", Json.Num.of(1))));

  private Neighbours() {}

  static List<Json> of(Schema schema) {
    List<Json> found = new ArrayList<>(ODD);
    try {
      Formula valid = new Formula.Is(schema, DynamicScope.EMPTY, true);
      found.addAll(
          Work.within(10_000_000, () -> new Solver(Optional.empty()).find(List.of(valid), 4))
              .witnesses());
    } catch (Work.Exhausted | Language.TooLarge e) {
      // What was found so far is what there is to try.
    }
    List<Json> all = new ArrayList<>();
    for (Json document : found) {
      all.add(document);
      change(document, all);
    }
    Interpreter interpreter = new Interpreter(schema);
    return all.stream().filter(interpreter::isValid).toList();
  }

  private static void change(Json document, List<Json> all) {
    switch (document) {
      case Json.Obj object -> {
        for (String name : List.of("foo", "bar", "zz")) {
          for (Json odd : ODD) {
            Map<String, Json> changed = new LinkedHashMap<>(object.members());
            changed.put(name, odd);
            all.add(new Json.Obj(changed));
          }
        }
        object
            .members()
            .forEach((name, value) -> {
              Map<String, Json> fewer = new LinkedHashMap<>(object.members());
              fewer.remove(name);
              all.add(new Json.Obj(fewer));
            });
      }
      case Json.Arr array -> {
        for (Json odd : ODD) {
          List<Json> more = new ArrayList<>(array.items());
          more.add(odd);
          all.add(new Json.Arr(more));
        }
      }
      case Json.Str text -> all.add(new Json.Str(text.value() + "a"));
      case Json.Num number ->
          all.add(new Json.Num(number.value().add(new java.math.BigDecimal("0.5"))));
      case Json.Bool _, Json.Null _ -> {}
    }
  }
}
