package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.JsonTape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A JWK set (RFC 7517 §5) or a single JWK, read.
 *
 * @param keys those that can verify signatures
 * @param ignored why the others cannot: sets may hold keys for other purposes
 */
public record JwkSet(Keyring keys, List<String> ignored) {
  private static final int MAX_VALUES = 4096;
  private static final int MAX_DEPTH = 8;
  private static final int MAX_BYTES = 512 * 1024;
  private static final int MAX_KEYS = 64;

  public JwkSet {
    ignored = List.copyOf(ignored);
  }

  /** Reads a set; a {@link KeyException} says why none of it is usable. */
  public static JwkSet parse(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw new KeyException(
          "the JWK set has %d bytes, expected at most %d".formatted(json.length, MAX_BYTES));
    }
    JsonTape tape = new JsonTape(MAX_VALUES, MAX_DEPTH, json.length);
    JsonTape.Outcome outcome = tape.parse(json, 0, json.length);
    switch (outcome) {
      case OK -> {}
      case NOT_JSON -> throw new KeyException("the JWK set is not a JSON object");
      case DUPLICATE_MEMBER ->
          throw new KeyException("the JWK set has an object with two members of one name");
      case TOO_LARGE ->
          throw new KeyException(
              "the JWK set is deeper than %d or has more than %d values"
                  .formatted(MAX_DEPTH, MAX_VALUES));
    }
    int list = tape.member("keys".getBytes(UTF_8));
    List<Jwk> members = new ArrayList<>();
    if (list < 0) {
      members.add(new Jwk(json, tape, 0));
    } else if (tape.kind(list) != JsonTape.ARRAY) {
      throw new KeyException("keys is not an array, expected an array of JWKs");
    } else {
      for (int key = tape.last(list); key >= 0; key = tape.previous(key)) {
        members.addFirst(new Jwk(json, tape, key));
      }
    }
    if (members.size() > MAX_KEYS) {
      throw new KeyException(
          "the JWK set has %d keys, expected at most %d".formatted(members.size(), MAX_KEYS));
    }
    return read(members);
  }

  private static JwkSet read(List<Jwk> members) {
    List<GateKey> keys = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Jwk member : members) {
      // Also among keys that are ignored: which of two a token means is then not known.
      if (member.isForSignatures() && member.hasId() && !ids.add(member.name())) {
        throw new KeyException("the JWK set has two keys of one id, " + member.name());
      }
      try {
        keys.add(member.read());
      } catch (KeyException refused) {
        ignored.add(String.valueOf(refused.getMessage()));
      }
    }
    if (keys.isEmpty()) {
      throw new KeyException(
          ignored.isEmpty() ? "the JWK set is empty" : String.join("; ", ignored));
    }
    return new JwkSet(new Keyring(keys), ignored);
  }
}
