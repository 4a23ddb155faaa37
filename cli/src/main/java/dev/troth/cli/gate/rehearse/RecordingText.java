package dev.troth.cli.gate.rehearse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Reason;
import dev.troth.gate.serve.VerdictListener.Place;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recording as text: a line of JSON that says what it is, a line a token, and a line with their
 * number and the SHA-256 of all lines before, so that damage and edits show.
 */
final class RecordingText {
  private static final String FORMAT = "troth-gate-recording";
  private static final long VERSION = 1;

  private RecordingText() {}

  /** Writes line by line: a gate has little memory. */
  static void write(Recording recording, OutputStream out) throws IOException {
    MessageDigest digest = sha256();
    line(
        out,
        digest,
        new JsonMembers()
            .text("format", FORMAT)
            .put("version", Json.Num.of(VERSION))
            .put("claims", texts(recording.claims()))
            .text("began", recording.began().toString())
            .put("unread", counts(recording.unread()))
            .put("leftOut", Json.Num.of(recording.leftOut()))
            .put("missed", Json.Num.of(recording.missed())));
    for (Recorded token : recording.tokens()) {
      line(out, digest, members(token));
    }
    line(
        out,
        sha256(),
        new JsonMembers()
            .put("tokens", Json.Num.of(recording.tokens().size()))
            .text("sha256", HexFormat.of().formatHex(digest.digest())));
  }

  private static void line(OutputStream out, MessageDigest digest, JsonMembers members)
      throws IOException {
    byte[] line = (JsonWriter.compact(members.json()) + "\n").getBytes(UTF_8);
    digest.update(line);
    out.write(line);
  }

  private static Json.Arr texts(List<String> texts) {
    return new Json.Arr(texts.stream().<Json>map(Json.Str::new).toList());
  }

  private static Json.Obj counts(Map<Reason, Long> counts) {
    JsonMembers members = new JsonMembers();
    counts.forEach((reason, count) -> members.put(reason.code(), Json.Num.of(count)));
    return members.json();
  }

  private static JsonMembers members(Recorded token) {
    return new JsonMembers()
        .text("token", token.hash())
        .put("bytes", Json.Num.of(token.bytes()))
        .text("header", token.header())
        .text("claims", token.claims())
        .text("signer", token.signer())
        .put("tried", texts(token.tried()))
        .put("uses", new Json.Arr(token.uses().stream().<Json>map(RecordingText::use).toList()));
  }

  private static Json.Obj use(Use use) {
    JsonMembers members = new JsonMembers().text("reason", use.reason().code());
    Place place = use.place();
    if (place != null) {
      members.text("method", place.method()).text("path", place.path());
    }
    if (use.placeLost()) {
      members.flag("placeLost", true);
    }
    return members
        .put("count", Json.Num.of(use.count()))
        .text("last", use.last().toString())
        .json();
  }

  /** The recording of a text; an {@link IllegalArgumentException} says why it is none. */
  static Recording read(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !FORMAT.equals(textOf(lines.getFirst(), "format"))) {
      throw new IllegalArgumentException(
          "is no recording of gate: expected a first line with the format " + FORMAT);
    }
    Fields head = fields(lines.getFirst(), 1);
    if (head.number("version") != VERSION) {
      throw new IllegalArgumentException(
          "is a recording of version %d, expected %d".formatted(head.number("version"), VERSION));
    }
    int end = text.lastIndexOf('\n', Math.max(0, text.length() - 2)) + 1;
    String last = lines.getLast();
    if (lines.size() < 2 || !text.endsWith("\n") || textOf(last, "sha256").isEmpty()) {
      throw new IllegalArgumentException("is cut off: its last line is not there");
    }
    Fields foot = fields(last, lines.size());
    if (!foot.text("sha256")
            .equals(
                HexFormat.of().formatHex(sha256().digest(text.substring(0, end).getBytes(UTF_8))))
        || foot.number("tokens") != lines.size() - 2) {
      throw new IllegalArgumentException(
          "was changed or damaged: its lines do not have the SHA-256 that its last line says");
    }
    Recording recording = new Recording(head.texts("claims"), head.instant("began"));
    head.counts("unread").forEach(recording::unread);
    recording.leftOut(head.number("leftOut"));
    recording.missed(head.number("missed"));
    for (int i = 1; i < lines.size() - 1; i++) {
      recording.put(token(fields(lines.get(i), i + 1)));
    }
    return recording;
  }

  private static Recorded token(Fields line) {
    List<Use> uses = new ArrayList<>();
    for (Json one : line.items("uses")) {
      Fields use = new Fields(one, line.number);
      Place place = use.has("path") ? new Place(use.text("method"), use.text("path")) : null;
      uses.add(
          new Use(
              reason(use.text("reason"), line.number),
              place,
              use.has("placeLost"),
              use.number("count"),
              use.instant("last")));
    }
    return new Recorded(
        line.text("token"),
        (int) line.number("bytes"),
        line.text("header"),
        line.text("claims"),
        line.text("signer"),
        line.texts("tried"),
        uses);
  }

  private static Reason reason(String code, int line) {
    for (Reason reason : Reason.values()) {
      if (reason.code().equals(code)) {
        return reason;
      }
    }
    throw new IllegalArgumentException(
        "line %d has the reason '%s', expected one that gate knows".formatted(line, code));
  }

  private static String textOf(String line, String name) {
    try {
      return JsonReader.read(line) instanceof Json.Obj object ? object.text(name).orElse("") : "";
    } catch (JsonException notJson) {
      return "";
    }
  }

  private static Fields fields(String line, int number) {
    try {
      return new Fields(JsonReader.read(line), number);
    } catch (JsonException e) {
      throw new IllegalArgumentException("line %d is not JSON".formatted(number), e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** The members of a line, each of the kind that is expected. */
  private record Fields(Json json, int number) {
    boolean has(String name) {
      return json instanceof Json.Obj object && object.get(name).isPresent();
    }

    private Json get(String name) {
      if (json instanceof Json.Obj object && object.get(name).isPresent()) {
        return object.get(name).get();
      }
      throw wrong(name, "a value");
    }

    private IllegalArgumentException wrong(String name, String expected) {
      return new IllegalArgumentException(
          "line %d: %s is not there or is not as expected, %s".formatted(number, name, expected));
    }

    String text(String name) {
      if (get(name) instanceof Json.Str text) {
        return text.value();
      }
      throw wrong(name, "a text");
    }

    long number(String name) {
      if (get(name) instanceof Json.Num found && found.isWhole()) {
        return found.value().longValue();
      }
      throw wrong(name, "a whole number");
    }

    List<Json> items(String name) {
      if (get(name) instanceof Json.Arr array) {
        return array.items();
      }
      throw wrong(name, "an array");
    }

    List<String> texts(String name) {
      return items(name).stream()
          .map(item -> item instanceof Json.Str text ? text.value() : item.toString())
          .toList();
    }

    Instant instant(String name) {
      try {
        return Instant.parse(text(name));
      } catch (DateTimeException e) {
        throw wrong(name, "a time");
      }
    }

    Map<Reason, Long> counts(String name) {
      Map<Reason, Long> counts = new LinkedHashMap<>();
      if (get(name) instanceof Json.Obj object) {
        Fields inner = new Fields(object, number);
        object
            .members()
            .keySet()
            .forEach(code -> counts.put(reason(code, number), inner.number(code)));
      }
      return counts;
    }
  }
}
