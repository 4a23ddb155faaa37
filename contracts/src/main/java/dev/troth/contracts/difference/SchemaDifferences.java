package dev.troth.contracts.difference;

import dev.troth.contracts.difference.Difference.Kind;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks two schemas side by side, property by property. */
final class SchemaDifferences {
  private final List<Difference> differences;
  private final Set<Pair> seen = new HashSet<>();
  private final Set<String> own = new HashSet<>();

  private record Pair(Schema before, Schema after) {}

  SchemaDifferences(List<Difference> differences) {
    this.differences = differences;
  }

  void compare(Schema before, Schema after) {
    own.add(before.place().document());
    own.add(after.place().document());
    compare(before, after, "");
  }

  /**
   * Compares what two schemas say of one place.
   *
   * @param path such as {@code items[].sku}; empty for the whole message
   */
  private void compare(Schema before, Schema after, String path) {
    if (!seen.add(new Pair(before, after))) {
      return;
    }
    Flattened old = Flattened.of(before);
    Flattened now = Flattened.of(after);
    Set<String> keywords = new LinkedHashSet<>(old.values().keySet());
    keywords.addAll(now.values().keySet());
    for (String keyword : keywords) {
      Optional<Json> was = Optional.ofNullable(old.values().get(keyword));
      Optional<Json> is = Optional.ofNullable(now.values().get(keyword));
      if (!was.equals(is)) {
        add(Kind.CHANGED, subject(path), Phrases.of(keyword, was, is), after, was, is);
      }
    }
    properties(old, now, path, before, after);
    parts(old, now, path);
    choices(old, now, path, after);
  }

  private static String subject(String path) {
    return path.isEmpty() ? "message" : "property " + path;
  }

  private void properties(Flattened old, Flattened now, String path, Schema before, Schema after) {
    List<String> removed = names(old, now);
    List<String> added = names(now, old);
    Map<String, String> renamed = Renames.of(removed, added, old, now);
    renamed.forEach((from, to) -> {
      removed.remove(from);
      added.remove(to);
      Schema was = property(old, from, before);
      Schema is = property(now, to, after);
      String words = "perhaps renamed to " + to + presence(old, from, now, to);
      add(Kind.RENAMED, subject(join(path, from)), words, is, source(was), source(is));
      compare(was, is, join(path, to));
    });
    for (String name : removed) {
      Schema was = property(old, name, before);
      String words = described(was) + (old.required().contains(name) ? ", required" : ", optional");
      add(Kind.REMOVED, subject(join(path, name)), words, was, source(was), Optional.empty());
    }
    for (String name : added) {
      Schema is = property(now, name, after);
      String words = described(is) + (now.required().contains(name) ? ", required" : ", optional");
      add(Kind.ADDED, subject(join(path, name)), words, is, Optional.empty(), source(is));
    }
    now.properties()
        .forEach((name, is) -> {
          Schema was = old.properties().get(name);
          if (was != null) {
            String change = presence(old, name, now, name);
            if (!change.isEmpty()) {
              Optional<Json> wasRequired = Optional.of(Json.Bool.of(old.required().contains(name)));
              Optional<Json> isRequired = Optional.of(Json.Bool.of(now.required().contains(name)));
              String words = change.substring(2);
              add(Kind.CHANGED, subject(join(path, name)), words, is, wasRequired, isRequired);
            }
            compare(was, is, join(path, name));
          }
        });
    undeclared(old, now, path, after);
  }

  /** Names that are required of a message, though nothing more is said of them. */
  private void undeclared(Flattened old, Flattened now, String path, Schema after) {
    Set<String> names = new LinkedHashSet<>(old.required());
    names.addAll(now.required());
    names.removeAll(old.properties().keySet());
    names.removeAll(now.properties().keySet());
    for (String name : names) {
      boolean was = old.required().contains(name);
      if (was != now.required().contains(name)) {
        add(
            Kind.CHANGED,
            subject(join(path, name)),
            was ? "no more required" : "now required",
            after,
            Optional.of(Json.Bool.of(was)),
            Optional.of(Json.Bool.of(!was)));
      }
    }
  }

  private static String presence(Flattened old, String from, Flattened now, String to) {
    boolean was = old.required().contains(from);
    boolean is = now.required().contains(to);
    return was == is ? "" : is ? ", now required" : ", now optional";
  }

  private static List<String> names(Flattened in, Flattened notIn) {
    List<String> names = new ArrayList<>(in.properties().keySet());
    names.removeAll(notIn.properties().keySet());
    return names;
  }

  private static Schema property(Flattened flat, String name, Schema otherwise) {
    return flat.properties().getOrDefault(name, otherwise);
  }

  private void parts(Flattened old, Flattened now, String path) {
    Set<String> names = new LinkedHashSet<>(old.parts().keySet());
    names.addAll(now.parts().keySet());
    for (String name : names) {
      Schema was = old.parts().get(name);
      Schema is = now.parts().get(name);
      String place = place(path, name);
      if (was != null && is != null) {
        if (was.source() instanceof Json.Bool || is.source() instanceof Json.Bool) {
          whole(was, is, place);
        } else {
          compare(was, is, place);
        }
      } else if (is != null) {
        String words = allowed(is);
        add(Kind.ADDED, subject(place), words, is, Optional.empty(), source(is));
      } else if (was != null) {
        String words = allowed(was);
        add(Kind.REMOVED, subject(place), words, was, source(was), Optional.empty());
      }
    }
  }

  /** Schemas of which one is true or false. */
  private void whole(Schema was, Schema is, String place) {
    if (!was.source().equals(is.source())) {
      String words = allowed(was) + " → " + allowed(is);
      add(Kind.CHANGED, subject(place), words, is, source(was), source(is));
    }
  }

  private static String allowed(Schema schema) {
    return switch (schema.source()) {
      case Json.Bool bool -> bool.value() ? "allowed" : "forbidden";
      default -> described(schema);
    };
  }

  private void choices(Flattened old, Flattened now, String path, Schema after) {
    Set<String> names = new LinkedHashSet<>(old.choices().keySet());
    names.addAll(now.choices().keySet());
    for (String name : names) {
      List<Schema> were = new ArrayList<>(old.choices().getOrDefault(name, List.of()));
      List<Schema> are = new ArrayList<>(now.choices().getOrDefault(name, List.of()));
      if (were.isEmpty() || are.isEmpty()) {
        boolean added = were.isEmpty();
        String words = "%s of %d schemas".formatted(name, added ? are.size() : were.size());
        add(
            added ? Kind.ADDED : Kind.REMOVED,
            subject(path),
            words,
            after,
            Optional.empty(),
            Optional.empty());
        continue;
      }
      branches(name, were, are, path);
    }
  }

  /** Branches keep their partner by what they are called, else by their place. */
  private void branches(String keyword, List<Schema> were, List<Schema> are, String path) {
    boolean sameNumber = were.size() == are.size();
    List<Schema> left = new ArrayList<>(were);
    for (int i = 0; i < are.size(); i++) {
      Schema is = are.get(i);
      Optional<Schema> partner =
          left.stream()
              .filter(was -> label(was).equals(label(is)))
              .findFirst()
              .or(() -> left.stream().filter(w -> w.source().equals(is.source())).findFirst());
      if (partner.isEmpty() && sameNumber && left.contains(were.get(i))) {
        partner = Optional.of(were.get(i));
      }
      String place = place(path, keyword + " " + label(is).orElse(String.valueOf(i + 1)));
      if (partner.isPresent()) {
        left.remove(partner.get());
        compare(partner.get(), is, place);
      } else {
        add(Kind.ADDED, subject(place), described(is), is, Optional.empty(), source(is));
      }
    }
    for (Schema was : left) {
      String name = label(was).orElse(String.valueOf(were.indexOf(was) + 1));
      String place = place(path, keyword + " " + name);
      add(Kind.REMOVED, subject(place), described(was), was, source(was), Optional.empty());
    }
  }

  /** What a branch is known by: the definition it refers to, or a title. */
  private static Optional<String> label(Schema schema) {
    Optional<String> reference =
        schema.keyword(Keyword.Ref.class).map(ref -> ref.link().uri().replaceFirst(".*[/#]", ""));
    return reference.or(() ->
        schema.annotation("title").orElse(null) instanceof Json.Str(String title)
            ? Optional.of(title)
            : Optional.empty());
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String place(String path, String part) {
    return part.startsWith("[") ? path + part : path.isEmpty() ? part : path + " " + part;
  }

  /** A schema in a few words. */
  private static String described(Schema schema) {
    Flattened flat = Flattened.of(schema);
    Json type = flat.values().get("type");
    Json format = flat.values().get("format");
    Json values = flat.values().get("enum");
    if (type == null && values == null) {
      return flat.properties().isEmpty() ? Phrases.shown(schema.source()) : "object";
    }
    String name =
        type == null
            ? "one of " + Phrases.shown(values == null ? Json.Null.NULL : values)
            : Phrases.of("type", Optional.empty(), Optional.of(type))
                .replaceFirst("^type ", "")
                .replaceFirst(" is new$", "");
    return name + (format instanceof Json.Str(String form) ? " (" + form + ")" : "");
  }

  private static Optional<Json> source(Schema schema) {
    return Optional.of(schema.source());
  }

  private void add(
      Kind kind,
      String subject,
      String words,
      Schema at,
      Optional<Json> before,
      Optional<Json> after) {
    boolean here = own.contains(at.place().document());
    String pointer = here ? "/schema" + at.place().pointer() : at.place().toString();
    differences.add(new Difference(kind, subject, words, pointer, before, after));
  }
}
