package dev.troth.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.JsonTape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The claims of a valid token. Immutable. */
public final class Claims {
  private static final int MAX_DEPTH = 16;

  private final byte[] json;
  private final JsonTape tape;

  /** Of a JSON object that a validator has accepted. */
  Claims(byte[] json) {
    this.json = json;
    tape = new JsonTape(json.length / 2 + 1, MAX_DEPTH, json.length);
    if (tape.parse(json, 0, json.length) != JsonTape.Outcome.OK) {
      throw new IllegalArgumentException("claims are not a JSON object");
    }
  }

  /** The claim set as it was signed. */
  public String json() {
    return new String(json, UTF_8);
  }

  /** The claim set as it was signed, in UTF-8. */
  public byte[] utf8() {
    return json.clone();
  }

  /** A string claim unescaped, a number or a boolean as it is written; else empty. */
  public Optional<String> text(String name) {
    int value = tape.member(name.getBytes(UTF_8));
    return switch (tape.kind(value)) {
      case JsonTape.STRING -> Optional.of(string(value));
      case JsonTape.NUMBER, JsonTape.TRUE, JsonTape.FALSE ->
          Optional.of(
              new String(json, tape.start(value), tape.end(value) - tape.start(value), UTF_8));
      default -> Optional.empty();
    };
  }

  /** The strings of an array claim, or the one string of a string claim ({@code aud} is either). */
  public List<String> texts(String name) {
    int value = tape.member(name.getBytes(UTF_8));
    if (tape.kind(value) == JsonTape.STRING) {
      return List.of(string(value));
    }
    List<String> texts = new ArrayList<>();
    for (int one = tape.last(value); one >= 0; one = tape.previous(one)) {
      if (tape.kind(one) == JsonTape.STRING) {
        texts.addFirst(string(one));
      }
    }
    return List.copyOf(texts);
  }

  public Optional<String> subject() {
    return text("sub");
  }

  @Override
  public String toString() {
    return json();
  }

  private String string(int value) {
    return new String(tape.text(), tape.start(value), tape.end(value) - tape.start(value), UTF_8);
  }
}
