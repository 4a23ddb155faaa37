package dev.troth.cli.gate.rehearse;

import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import java.util.ArrayList;
import java.util.List;

/**
 * A token as a recording keeps it: nothing that could be presented again.
 *
 * @param hash the SHA-256 of the token in hexadecimal digits
 * @param bytes how long the token was
 * @param header JSON, what verdicts look at
 * @param claims JSON, what verdicts and rules look at
 * @param signer the print of the key that signed it; empty if no key that was here did
 * @param tried prints of keys that did not sign it
 */
record Recorded(
    String hash,
    int bytes,
    String header,
    String claims,
    String signer,
    List<String> tried,
    List<Use> uses) {
  /** Beyond so many places of one token, the place of a use is not recorded. */
  static final int MOST_PLACES = 32;

  private static final int OVERHEAD = 300;
  private static final int BYTES_A_USE = 120;

  Recorded {
    tried = List.copyOf(tried);
    uses = List.copyOf(uses);
  }

  /** The same with one more use. */
  Recorded used(Use use) {
    boolean known = uses.stream().anyMatch(use::isLike);
    boolean full = uses.stream().filter(one -> one.place() != null).count() >= MOST_PLACES;
    Use kept = known || !full ? use : use.withoutPlace();
    List<Use> more = new ArrayList<>(uses);
    for (int i = 0; i < more.size(); i++) {
      if (more.get(i).isLike(kept)) {
        more.set(i, more.get(i).and(kept));
        return new Recorded(hash, bytes, header, claims, signer, tried, more);
      }
    }
    more.add(kept);
    return new Recorded(hash, bytes, header, claims, signer, tried, more);
  }

  Recorded signedBy(Signers.Found found) {
    return new Recorded(hash, bytes, header, claims, found.signer(), found.tried(), uses);
  }

  boolean isGenuine() {
    return !signer.isEmpty();
  }

  /** About what it takes in a file and in memory. */
  int size() {
    int size = OVERHEAD + header.length() + claims.length() + 60 * tried.size();
    for (Use use : uses) {
      size += BYTES_A_USE + (use.place() == null ? 0 : use.place().path().length());
    }
    return size;
  }

  String keyId() {
    return text(header, "kid");
  }

  String algorithm() {
    return text(header, "alg");
  }

  String claim(String name) {
    return text(claims, name);
  }

  /** Tokens of one caller are alike in this. */
  String caller() {
    return String.join(
        "\n", claim("iss"), claim("sub"), claim("client_id"), claim("azp"), keyId(), signer);
  }

  private static String text(String json, String name) {
    return JsonReader.read(json) instanceof Json.Obj object
        ? object.text(name).or(() -> object.get(name).map(Object::toString)).orElse("")
        : "";
  }
}
