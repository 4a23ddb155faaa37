package dev.troth.gate.config;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;

/** Reads typed members of JSON objects and keeps the first problem, with its place. */
final class ConfigReader {
  private static final int MAX_VALUES = 4096;
  private static final int MAX_DEPTH = 8;
  private static final byte[][] NONE = {};

  final JsonTape tape;
  private String problem = "";

  ConfigReader(byte[] json) {
    tape = new JsonTape(Math.min(MAX_VALUES, json.length), MAX_DEPTH, json.length);
    if (tape.parse(json, 0, json.length) != JsonTape.Outcome.OK) {
      fail("", "is not a JSON object of unique members, at most " + MAX_DEPTH + " deep");
    }
  }

  String problem() {
    return problem;
  }

  void fail(String place, String words) {
    if (problem.isEmpty()) {
      problem = place.isEmpty() ? words : place + " " + words;
    }
  }

  /** Where a member is, or -1; null is not there. */
  int member(int object, String name) {
    int value = tape.member(object, Bytes.ascii(name));
    return tape.kind(value) == JsonTape.NULL ? -1 : value;
  }

  /** Refuses members other than those named, and those that are empty: they check nothing. */
  void known(int object, String place, String... names) {
    if (tape.kind(object) != JsonTape.OBJECT) {
      fail(place, "is not an object");
      return;
    }
    for (int one = tape.last(object); one >= 0; one = tape.previous(one)) {
      boolean found = false;
      for (String name : names) {
        byte[] known = Bytes.ascii(name);
        found |= Bytes.equal(tape.text(), tape.nameStart(one), tape.nameEnd(one), known);
      }
      int kind = tape.kind(one);
      if (found
          && (kind == JsonTape.NULL
              || (kind == JsonTape.STRING && tape.start(one) == tape.end(one))
              || (kind == JsonTape.ARRAY && tape.last(one) < 0))) {
        fail(place(place, name(one)), "is empty");
      }
      if (!found) {
        StringBuilder words = new StringBuilder("has no member '").append(name(one));
        words.append("', expected one of ");
        for (int i = 0; i < names.length; i++) {
          words.append(i == 0 ? "" : ", ").append(names[i]);
        }
        fail(place.isEmpty() ? "the configuration" : place, words.toString());
      }
    }
  }

  String name(int value) {
    return string(tape.text(), tape.nameStart(value), tape.nameEnd(value));
  }

  /** A text, empty if it is not there. */
  String text(int object, String place, String name) {
    int value = member(object, name);
    if (value >= 0 && tape.kind(value) != JsonTape.STRING) {
      fail(place(place, name), "is not a text");
      return "";
    }
    return value < 0 ? "" : string(tape.text(), tape.start(value), tape.end(value));
  }

  boolean flag(int object, String place, String name, boolean otherwise) {
    int value = member(object, name);
    int kind = tape.kind(value);
    if (value >= 0 && kind != JsonTape.TRUE && kind != JsonTape.FALSE) {
      fail(place(place, name), "is not true or false");
    }
    return value < 0 ? otherwise : kind == JsonTape.TRUE;
  }

  long number(
      int object, String place, String name, byte[] json, long otherwise, long least, long most) {
    int value = member(object, name);
    if (value < 0) {
      return otherwise;
    }
    long number = tape.kind(value) == JsonTape.NUMBER ? 0 : -1;
    for (int i = tape.start(value); number >= 0 && i < tape.end(value); i++) {
      number = json[i] < '0' || json[i] > '9' || number > most ? -1 : number * 10 + (json[i] - '0');
    }
    if (number < least || number > most) {
      fail(place(place, name), "is not a whole number from " + least + " to " + most);
      return otherwise;
    }
    return number;
  }

  /** The texts of a text or of an array of texts. */
  byte[][] texts(int object, String place, String name) {
    int value = member(object, name);
    return value < 0 ? NONE : texts(value, place(place, name));
  }

  byte[][] texts(int value, String place) {
    if (tape.kind(value) == JsonTape.STRING) {
      return new byte[][] {bytes(value)};
    }
    if (tape.kind(value) != JsonTape.ARRAY) {
      fail(place, "is not a text or an array of texts");
      return NONE;
    }
    int count = count(value);
    byte[][] texts = new byte[count][];
    for (int one = tape.last(value); one >= 0; one = tape.previous(one)) {
      if (tape.kind(one) != JsonTape.STRING) {
        fail(place, "has an element that is not a text");
        return NONE;
      }
      texts[--count] = bytes(one);
    }
    return texts;
  }

  /** The values of a claim as they stand in tokens: texts unescaped, numbers and truths written. */
  byte[][] values(int value, String place, byte[] json) {
    if (tape.kind(value) != JsonTape.ARRAY) {
      return new byte[][] {scalar(value, place, json)};
    }
    int count = count(value);
    byte[][] values = new byte[count][];
    for (int one = tape.last(value); one >= 0; one = tape.previous(one)) {
      values[--count] = scalar(one, place, json);
    }
    if (values.length == 0) {
      fail(place, "has no value");
    }
    return values;
  }

  private byte[] scalar(int value, String place, byte[] json) {
    int kind = tape.kind(value);
    if (kind == JsonTape.STRING) {
      return bytes(value);
    }
    if (kind < JsonTape.STRING || kind == JsonTape.NULL) {
      fail(place, "has a value that is not a text, a number or a truth");
      return new byte[0];
    }
    return slice(json, tape.start(value), tape.end(value));
  }

  /** The elements of an array in their order; none if it is not there. */
  int[] elements(int object, String place, String name) {
    int list = member(object, name);
    if (list >= 0 && tape.kind(list) != JsonTape.ARRAY) {
      fail(place(place, name), "is not an array");
    }
    int count = count(list);
    int[] elements = new int[count];
    for (int one = tape.last(list); one >= 0; one = tape.previous(one)) {
      elements[--count] = one;
    }
    return elements;
  }

  /** The members of an object in their order. */
  int[] members(int object, String place, String name) {
    int value = member(object, name);
    if (value >= 0 && tape.kind(value) != JsonTape.OBJECT) {
      fail(place(place, name), "is not an object");
      return new int[0];
    }
    int count = count(value);
    int[] members = new int[count];
    for (int one = tape.last(value); one >= 0; one = tape.previous(one)) {
      members[--count] = one;
    }
    return members;
  }

  static String place(String place, String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  byte[] nameBytes(int value) {
    return slice(tape.text(), tape.nameStart(value), tape.nameEnd(value));
  }

  private int count(int container) {
    int count = 0;
    for (int one = tape.last(container); one >= 0; one = tape.previous(one)) {
      count++;
    }
    return count;
  }

  private byte[] bytes(int value) {
    return slice(tape.text(), tape.start(value), tape.end(value));
  }

  private static byte[] slice(byte[] text, int from, int to) {
    byte[] slice = new byte[to - from];
    System.arraycopy(text, from, slice, 0, slice.length);
    return slice;
  }

  /** Bytes as characters of one byte: names of files go back to the system as they came. */
  private static String string(byte[] text, int from, int to) {
    StringBuilder string = new StringBuilder();
    for (int i = from; i < to; i++) {
      string.append((char) (text[i] & 0xFF));
    }
    return string.toString();
  }
}
