package dev.troth.contracts.difference;

import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import dev.troth.json.file.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Guesses which property that is gone is the one that came. */
final class Renames {
  private static final Set<String> REMARKS = Set.of("title", "description", "examples", "$comment");

  /** So many keywords beside the type tell a schema from any other. */
  private static final int TELLING = 2;

  private Renames() {}

  /** New names by old names; each at most once. */
  static Map<String, String> of(
      List<String> removed, List<String> added, Flattened old, Flattened now) {
    Map<String, String> renamed = new LinkedHashMap<>();
    List<String> free = new ArrayList<>(added);
    for (String from : removed) {
      Json was = shape(old.properties().get(from));
      List<String> candidates =
          free.stream()
              .filter(to -> shape(now.properties().get(to)).equals(was))
              .filter(to -> isTelling(was) || isAlike(from, to))
              .toList();
      List<String> alike = candidates.stream().filter(to -> isAlike(from, to)).toList();
      List<String> best = alike.isEmpty() ? candidates : alike;
      if (best.size() == 1) {
        renamed.put(from, best.getFirst());
        free.remove(best.getFirst());
      }
    }
    return renamed;
  }

  /** What a schema demands, without remarks. */
  private static Json shape(@Nullable Schema schema) {
    if (schema == null || !(schema.source() instanceof Json.Obj object)) {
      return schema == null ? Json.Null.NULL : schema.source();
    }
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    members.keySet().removeAll(REMARKS);
    return new Json.Obj(members);
  }

  private static boolean isTelling(Json shape) {
    return shape instanceof Json.Obj object && object.members().size() > TELLING;
  }

  /** Names with a word in common, or with two letters of difference. */
  private static boolean isAlike(String from, String to) {
    Set<String> words = words(from);
    words.retainAll(words(to));
    String one = plain(from);
    String other = plain(to);
    return !words.isEmpty()
        || one.equals(other)
        || (Math.min(one.length(), other.length()) > 3
            && NearestName.nearest(one, List.of(other), 2).isPresent());
  }

  /** The words of {@code orderId} and {@code order_id}. */
  private static Set<String> words(String name) {
    String spaced = name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    Set<String> words = new HashSet<>(Arrays.asList(spaced.split("[^a-z0-9]+", -1)));
    words.remove("");
    return words;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
