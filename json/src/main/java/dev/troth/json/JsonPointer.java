package dev.troth.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** JSON Pointers (RFC 6901) as text. */
public final class JsonPointer {
  private JsonPointer() {}

  /** The pointer one step below {@code parent}. */
  public static String child(String parent, String token) {
    return parent + '/' + escape(token);
  }

  /** The pointer to one item below {@code parent}. */
  public static String child(String parent, int index) {
    return parent + '/' + index;
  }

  private static String escape(String token) {
    return token.indexOf('~') < 0 && token.indexOf('/') < 0
        ? token
        : token.replace("~", "~0").replace("/", "~1");
  }

  /** The steps of a pointer; empty if the text is not one. */
  public static Optional<List<String>> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    if (pointer.isEmpty()) {
      return Optional.of(tokens);
    }
    if (pointer.charAt(0) != '/') {
      return Optional.empty();
    }
    for (String token : pointer.substring(1).split("/", -1)) {
      if (token.matches(".*~(?![01]).*")) {
        return Optional.empty();
      }
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return Optional.of(tokens);
  }

  /** The value one step below, if there is one. */
  public static Optional<Json> step(Json from, String token) {
    return switch (from) {
      case Json.Obj object -> object.get(token);
      case Json.Arr array -> {
        boolean index = token.matches("0|[1-9][0-9]{0,8}");
        yield index && Integer.parseInt(token) < array.items().size()
            ? Optional.of(array.items().get(Integer.parseInt(token)))
            : Optional.empty();
      }
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> Optional.empty();
    };
  }

  /** The value that a pointer names. */
  public static Optional<Json> find(Json root, String pointer) {
    Optional<Json> at = Optional.of(root);
    for (String token : tokens(pointer).orElse(List.of("\0"))) {
      at = at.flatMap(value -> step(value, token));
    }
    return at;
  }
}
