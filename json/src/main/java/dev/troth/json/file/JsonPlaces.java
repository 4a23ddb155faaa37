package dev.troth.json.file;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Where each value of a JSON document stands. It reads only what {@link JsonReader} has read. */
final class JsonPlaces {
  private final byte[] bytes;
  private final Map<String, String> lines = new HashMap<>();
  private int at;
  private int line = 1;
  private int column = 1;

  private JsonPlaces(byte[] bytes) {
    this.bytes = bytes;
  }

  /** {@code line:column} by JSON Pointer. */
  static Map<String, String> of(byte[] validJson) {
    JsonPlaces places = new JsonPlaces(validJson);
    places.skip();
    places.value("");
    return places.lines;
  }

  private void value(String pointer) {
    lines.put(pointer, line + ":" + column);
    switch (bytes[at]) {
      case '{' -> {
        for (step(); bytes[at] != '}'; comma()) {
          String name = text();
          skip();
          step(); // the colon
          value(JsonPointer.child(pointer, name));
        }
        step();
      }
      case '[' -> {
        int index = 0;
        for (step(); bytes[at] != ']'; comma()) {
          value(JsonPointer.child(pointer, index++));
        }
        step();
      }
      case '"' -> text();
      default -> {
        while (at < bytes.length && ",]} \t\r\n".indexOf(bytes[at]) < 0) {
          move();
        }
      }
    }
    skip();
  }

  /** Over a bracket or a colon and the space behind it. */
  private void step() {
    move();
    skip();
  }

  private void comma() {
    if (bytes[at] == ',') {
      step();
    }
  }

  private String text() {
    int start = at;
    move();
    while (bytes[at] != '"') {
      if (bytes[at] == '\\') {
        move();
      }
      move();
    }
    move();
    String quoted = new String(bytes, start, at - start, StandardCharsets.UTF_8);
    return JsonReader.read(quoted) instanceof Json.Str(String name) ? name : "";
  }

  private void skip() {
    while (at < bytes.length && " \t\r\n".indexOf(bytes[at]) >= 0) {
      move();
    }
  }

  private void move() {
    byte c = bytes[at++];
    if (c == '\n') {
      line++;
      column = 1;
    } else if ((c & 0xc0) != 0x80) {
      column++; // the bytes of one character after its first do not count
    }
  }
}
