package dev.troth.cli.gate.rehearse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Base64Url;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.Settings;
import dev.troth.gate.http.Output;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a token says that a later verdict needs: some members of its header and of its claims, each
 * as it was written.
 *
 * @param header as JSON, without what no verdict looks at
 * @param claims as JSON, the named ones alone
 * @param keyId the {@code kid}; empty if there is none
 * @param algorithm null for a name that is no algorithm
 * @param signedTo where the signed part of the token ends
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call and is never compared
record TokenParts(
    String header,
    String claims,
    String keyId,
    @Nullable Algorithm algorithm,
    int signedTo,
    byte[] signature) {
  /** What every verdict may look at; the claims of rules come on top. */
  static final List<String> USUAL_CLAIMS =
      List.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "azp", "scope", "scp");

  private static final List<String> HEADER = List.of("alg", "kid", "typ", "crit");

  /** The bounds of gate's own reader: what is beyond them is refused by every configuration. */
  private static final int MAX_VALUES = 512;

  private static final int MAX_DEPTH = 16;

  /** The parts of a token; empty for one that no keys and no rules could make acceptable. */
  static Optional<TokenParts> of(byte[] token, List<String> claimNames) {
    int first = dot(token, 0);
    int second = first < 0 ? -1 : dot(token, first + 1);
    if (token.length > Settings.LARGEST_MAX_TOKEN_BYTES || second < 0) {
      return Optional.empty();
    }
    byte[] document = new byte[token.length];
    JsonTape tape = new JsonTape(MAX_VALUES, MAX_DEPTH, token.length);
    int length = Base64Url.decode(token, 0, first, document);
    if (length < 0 || tape.parse(document, 0, length) != JsonTape.Outcome.OK) {
      return Optional.empty();
    }
    int alg = tape.member("alg".getBytes(UTF_8));
    int kid = tape.member("kid".getBytes(UTF_8));
    if (tape.kind(alg) != JsonTape.STRING || (kid >= 0 && tape.kind(kid) != JsonTape.STRING)) {
      return Optional.empty();
    }
    String header = some(tape, document, HEADER);
    String keyId =
        kid < 0
            ? ""
            : new String(tape.text(), tape.start(kid), tape.end(kid) - tape.start(kid), UTF_8);
    Algorithm algorithm = Algorithm.named(tape.text(), tape.start(alg), tape.end(alg));
    length = Base64Url.decode(token, first + 1, second, document);
    if (length < 0 || tape.parse(document, 0, length) != JsonTape.Outcome.OK) {
      return Optional.empty();
    }
    String claims = some(tape, document, claimNames);
    int signature = Base64Url.decode(token, second + 1, token.length, document);
    return signature < 0
        ? Optional.empty()
        : Optional.of(
            new TokenParts(
                header, claims, keyId, algorithm, second, Arrays.copyOf(document, signature)));
  }

  /**
   * Whether what a recording would hold can be read again: its numbers have bounds of their own.
   */
  boolean isReadable() {
    try {
      var _ = JsonReader.read(header);
      var _ = JsonReader.read(claims);
      return true;
    } catch (JsonException beyond) {
      return false;
    }
  }

  private static int dot(byte[] token, int from) {
    for (int i = from; i < token.length; i++) {
      if (token[i] == '.') {
        return i;
      }
    }
    return -1;
  }

  private static String some(JsonTape tape, byte[] source, List<String> names) {
    Output out = new Output(256);
    for (String name : names) {
      byte[] text = name.getBytes(UTF_8);
      int value = tape.member(text);
      if (value >= 0) {
        out.put(out.length() == 0 ? '{' : ',').json(text, 0, text.length).put(':');
        write(tape, source, value, out);
      }
    }
    out.ascii(out.length() == 0 ? "{}" : "}");
    return new String(out.bytes(), 0, out.length(), UTF_8);
  }

  /** A value as it was written. No verdict looks into objects, nor into arrays in an array. */
  private static void write(JsonTape tape, byte[] source, int value, Output out) {
    if (tape.kind(value) == JsonTape.ARRAY) {
      List<Integer> elements = new ArrayList<>();
      for (int one = tape.last(value); one >= 0; one = tape.previous(one)) {
        elements.addFirst(one);
      }
      out.put('[');
      for (int i = 0; i < elements.size(); i++) {
        out.ascii(i == 0 ? "" : ",");
        scalar(tape, source, elements.get(i), out);
      }
      out.put(']');
    } else {
      scalar(tape, source, value, out);
    }
  }

  private static void scalar(JsonTape tape, byte[] source, int value, Output out) {
    switch (tape.kind(value)) {
      case JsonTape.STRING -> out.json(tape.text(), tape.start(value), tape.end(value));
      case JsonTape.NUMBER, JsonTape.TRUE, JsonTape.FALSE ->
          out.bytes(source, tape.start(value), tape.end(value));
      case JsonTape.ARRAY -> out.ascii("[]");
      case JsonTape.NULL -> out.ascii("null");
      default -> out.ascii("{}");
    }
  }
}
