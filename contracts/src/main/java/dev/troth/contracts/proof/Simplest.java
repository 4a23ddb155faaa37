package dev.troth.contracts.proof;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Makes a document smaller and plainer while it still shows what it is to show. */
final class Simplest {
  private static final int MOST_TRIES = 2_000;
  private static final List<Json> PLAIN =
      List.of(
          Json.Num.of(0),
          Json.Num.of(1),
          new Json.Str(""),
          new Json.Str("a"),
          Json.Bool.TRUE,
          new Json.Arr(List.of()),
          new Json.Obj(Map.of()));

  private final Predicate<Json> shows;
  private int tries = MOST_TRIES;

  private Simplest(Predicate<Json> shows) {
    this.shows = shows;
  }

  static Json of(Json document, Predicate<Json> shows) {
    Simplest simplest = new Simplest(shows);
    Json before;
    Json now = document;
    do {
      before = now;
      now = simplest.pass(before);
    } while (!now.equals(before));
    return now;
  }

  private boolean good(Json document) {
    return tries-- > 0 && shows.test(document);
  }

  /** One round of dropping parts, then of simplifying what is left. */
  private Json pass(Json document) {
    return simplify(document, whole -> whole);
  }

  /** Puts a part back into the whole document. */
  private interface Around {
    Json with(Json part);
  }

  private Json simplify(Json part, Around around) {
    Json now = part;
    switch (now) {
      case Json.Obj object -> {
        for (String name : List.copyOf(object.members().keySet())) {
          Map<String, Json> fewer = new LinkedHashMap<>(((Json.Obj) now).members());
          fewer.remove(name);
          if (good(around.with(new Json.Obj(fewer)))) {
            now = new Json.Obj(fewer);
          }
        }
        for (Map.Entry<String, Json> member : List.copyOf(((Json.Obj) now).members().entrySet())) {
          String name = member.getKey();
          Map<String, Json> members = ((Json.Obj) now).members();
          Json value =
              simplify(
                  member.getValue(),
                  inner -> {
                    Map<String, Json> changed = new LinkedHashMap<>(members);
                    changed.put(name, inner);
                    return around.with(new Json.Obj(changed));
                  });
          Map<String, Json> changed = new LinkedHashMap<>(members);
          changed.put(name, value);
          now = new Json.Obj(changed);
        }
      }
      case Json.Arr array -> {
        for (int i = array.items().size() - 1; i >= 0; i--) {
          List<Json> fewer = new ArrayList<>(((Json.Arr) now).items());
          fewer.remove(i);
          if (good(around.with(new Json.Arr(fewer)))) {
            now = new Json.Arr(fewer);
          }
        }
        for (int i = 0; i < ((Json.Arr) now).items().size(); i++) {
          List<Json> items = ((Json.Arr) now).items();
          int at = i;
          Json value =
              simplify(
                  items.get(i),
                  inner -> {
                    List<Json> changed = new ArrayList<>(items);
                    changed.set(at, inner);
                    return around.with(new Json.Arr(changed));
                  });
          List<Json> changed = new ArrayList<>(items);
          changed.set(i, value);
          now = new Json.Arr(changed);
        }
      }
      case Json.Null _ -> {
        // null is the plainest for a machine, but a reader learns more from a value of a kind.
        for (Json plain : PLAIN) {
          if (good(around.with(plain))) {
            return plain;
          }
        }
      }
      case Json.Str _, Json.Num _, Json.Bool _ -> {}
    }
    return now;
  }
}
