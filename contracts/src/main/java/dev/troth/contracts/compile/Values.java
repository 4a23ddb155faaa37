package dev.troth.contracts.compile;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Dfa;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.validate.Uniqueness;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What compiled schemas ask about values on the tape. */
final class Values {
  /** Up to so many items are compared pair by pair. */
  private static final int FEW = 16;

  private Values() {}

  /** The index after the value at {@code i}. */
  static int next(int[] t, int i) {
    return (t[i] & Tape.TYPE) >= Tape.ARR ? t[i + 2] : i + 3;
  }

  static boolean matches(byte[] b, int[] t, int i, Dfa dfa) {
    if ((t[i] & Tape.ESCAPED) == 0) {
      return dfa.find(b, t[i + 1], t[i + 2]);
    }
    Plain plain = Plain.of(b, t[i + 1], t[i + 2]);
    return dfa.find(plain.bytes, 0, plain.length);
  }

  static boolean matches(byte[] b, int[] t, int i, Regex regex) {
    if ((t[i] & Tape.ESCAPED) == 0) {
      return regex.find(b, t[i + 1], t[i + 2]);
    }
    Plain plain = Plain.of(b, t[i + 1], t[i + 2]);
    return regex.find(plain.bytes, 0, plain.length);
  }

  static boolean hasFormat(byte[] b, int[] t, int i, Format format) {
    if ((t[i] & Tape.ESCAPED) == 0) {
      return format.test(b, t[i + 1], t[i + 2]);
    }
    Plain plain = Plain.of(b, t[i + 1], t[i + 2]);
    return format.test(plain.bytes, 0, plain.length);
  }

  /** Whether an object has a member of that name (UTF-8). */
  static boolean has(byte[] b, int[] t, int i, byte[] name) {
    int end = t[i + 2];
    for (int key = i + 3; key < end; key = next(t, key + 3)) {
      if (isText(b, t, key, name)) {
        return true;
      }
    }
    return false;
  }

  static boolean isText(byte[] b, int[] t, int i, byte[] utf8) {
    int from = t[i + 1];
    int to = t[i + 2];
    if ((t[i] & Tape.ESCAPED) == 0) {
      return to - from == utf8.length && Arrays.equals(b, from, to, utf8, 0, to - from);
    }
    Plain plain = Plain.of(b, from, to);
    return Arrays.equals(plain.bytes, 0, plain.length, utf8, 0, utf8.length);
  }

  /** Whether all items of an array differ. */
  static boolean unique(byte[] b, int[] t, int i) {
    int count = t[i + 1];
    if (count > FEW) {
      return Items.canHash(b, t, i)
          ? Items.allDiffer(b, t, i)
          : Uniqueness.allDiffer(((Json.Arr) json(b, t, i)).items());
    }
    int x = i + 3;
    for (int k = 0; k < count; k++) {
      int y = next(t, x);
      for (int rest = k + 1, at = y; rest < count; rest++, at = next(t, at)) {
        if (equal(b, t, x, at)) {
          return false;
        }
      }
      x = y;
    }
    return true;
  }

  /** Whether two values are equal. */
  static boolean equal(byte[] b, int[] t, int i, int j) {
    int type = t[i] & Tape.TYPE;
    int other = t[j] & Tape.TYPE;
    return switch (type) {
      case Tape.INT, Tape.NUM ->
          (other == Tape.INT || other == Tape.NUM) && Decimals.equal(b, t, i, j);
      case Tape.STR -> other == Tape.STR && Text.equal(b, t, i, j);
      case Tape.ARR -> other == type && equalArrays(b, t, i, j);
      case Tape.OBJ -> other == type && equalObjects(b, t, i, j);
      default -> other == type;
    };
  }

  private static boolean equalArrays(byte[] b, int[] t, int i, int j) {
    int x = i + 3;
    int y = j + 3;
    boolean equal = t[i + 1] == t[j + 1];
    for (int k = t[i + 1]; equal && k > 0; k--) {
      equal = equal(b, t, x, y);
      x = next(t, x);
      y = next(t, y);
    }
    return equal;
  }

  private static boolean equalObjects(byte[] b, int[] t, int i, int j) {
    if (t[i + 1] != t[j + 1]) {
      return false;
    }
    if (t[i + 1] > FEW) {
      return json(b, t, i).equals(json(b, t, j));
    }
    for (int x = i + 3; x < t[i + 2]; x = next(t, x + 3)) {
      int y = j + 3;
      while (y < t[j + 2] && !Text.equal(b, t, x, y)) {
        y = next(t, y + 3);
      }
      if (y >= t[j + 2] || !equal(b, t, x + 3, y + 3)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the value is equal to a constant. */
  static boolean equal(byte[] b, int[] t, int i, Json constant) {
    int type = t[i] & Tape.TYPE;
    return switch (constant) {
      case Json.Null _ -> type == Tape.NULL;
      case Json.Bool bool -> type == (bool.value() ? Tape.TRUE : Tape.FALSE);
      case Json.Str text -> type == Tape.STR && Text.string(b, t, i).equals(text.value());
      case Json.Num number ->
          (type == Tape.INT || type == Tape.NUM)
              && Decimals.exact(b, t, i).compareTo(number.value()) == 0;
      case Json.Arr array -> {
        boolean equal = type == Tape.ARR && t[i + 1] == array.items().size();
        int at = i + 3;
        for (int k = 0; equal && k < array.items().size(); k++) {
          equal = equal(b, t, at, array.items().get(k));
          at = next(t, at);
        }
        yield equal;
      }
      case Json.Obj object -> {
        boolean equal = type == Tape.OBJ && t[i + 1] == object.members().size();
        int end = equal ? t[i + 2] : 0;
        for (int key = i + 3; equal && key < end; key = next(t, key + 3)) {
          Json member = object.members().get(Text.string(b, t, key));
          equal = member != null && equal(b, t, key + 3, member);
        }
        yield equal;
      }
    };
  }

  /** The value as the model's JSON. */
  static Json json(byte[] b, int[] t, int i) {
    return switch (t[i] & Tape.TYPE) {
      case Tape.NULL -> Json.Null.NULL;
      case Tape.FALSE -> Json.Bool.FALSE;
      case Tape.TRUE -> Json.Bool.TRUE;
      case Tape.INT, Tape.NUM ->
          new Json.Num(
              new BigDecimal(
                  new String(b, t[i + 1], t[i + 2] - t[i + 1], StandardCharsets.US_ASCII)));
      case Tape.STR -> new Json.Str(Text.string(b, t, i));
      case Tape.ARR -> {
        List<Json> items = new ArrayList<>();
        for (int at = i + 3; at < t[i + 2]; at = next(t, at)) {
          items.add(json(b, t, at));
        }
        yield new Json.Arr(items);
      }
      default -> {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int key = i + 3; key < t[i + 2]; key = next(t, key + 3)) {
          members.put(Text.string(b, t, key), json(b, t, key + 3));
        }
        yield new Json.Obj(members);
      }
    };
  }

  /** The document with no other members than these, as the model's JSON. */
  static Json part(byte[] b, int[] t, Set<String> members) {
    if ((t[0] & Tape.TYPE) != Tape.OBJ) {
      return json(b, t, 0);
    }
    Map<String, Json> kept = new LinkedHashMap<>();
    for (int key = 3; key < t[2] && kept.size() < members.size(); key = next(t, key + 3)) {
      String name = Text.string(b, t, key);
      if (members.contains(name)) {
        kept.put(name, json(b, t, key + 3));
      }
    }
    return new Json.Obj(kept);
  }
}
