package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Base64Url;
import dev.troth.gate.core.JsonTape;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/** Reads one JSON Web Key (RFC 7517, RFC 7518 §6, RFC 8037) out of a parsed document. */
final class Jwk {
  /** The DER head of an Ed25519 and an Ed448 public key (RFC 8410 §4), before the key itself. */
  private static final byte[] ED25519_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final byte[] ED448_HEAD = HexFormat.of().parseHex("3043300506032b6571033a00");

  private final byte[] json;
  private final JsonTape tape;
  private final int object;
  private final String id;

  Jwk(byte[] json, JsonTape tape, int object) {
    this.json = json;
    this.tape = tape;
    this.object = object;
    id = text("kid");
  }

  String name() {
    return id.isEmpty() ? "key without kid" : "key " + id;
  }

  boolean hasId() {
    return !id.isEmpty();
  }

  boolean isForSignatures() {
    String use = text("use");
    return use.isEmpty() || use.equals("sig");
  }

  /** The key, or a {@link KeyException} that says why it cannot verify signatures. */
  GateKey read() {
    if (tape.kind(object) != JsonTape.OBJECT) {
      throw new KeyException("an element of keys is not an object, expected a JWK");
    }
    checkUse();
    String type = text("kty");
    return switch (type) {
      case "oct" -> secret();
      case "RSA" -> rsa();
      case "EC" -> ec();
      case "OKP" -> okp();
      default ->
          throw new KeyException(
              "%s: kty is '%s', expected oct, RSA, EC or OKP".formatted(name(), type));
    };
  }

  private void checkUse() {
    String use = text("use");
    if (!use.isEmpty() && !use.equals("sig")) {
      throw new KeyException("%s: use is '%s', expected sig".formatted(name(), use));
    }
    int operations = member("key_ops");
    if (operations < 0) {
      return;
    }
    for (int one = tape.last(operations); one >= 0; one = tape.previous(one)) {
      if (tape.isString(one, "verify".getBytes(UTF_8))) {
        return;
      }
    }
    throw new KeyException("%s: key_ops has no verify".formatted(name()));
  }

  private GateKey secret() {
    byte[] secret = bytes("k");
    Set<Algorithm> algorithms = algorithms(Algorithm.HS256, "HS256, HS384 or HS512");
    return new GateKey.Secret(id, algorithms, secret);
  }

  private GateKey rsa() {
    refusePrivate();
    BigInteger modulus = new BigInteger(1, bytes("n"));
    BigInteger exponent = new BigInteger(1, bytes("e"));
    return key(
        algorithms(Algorithm.RS256, "an RS or PS algorithm"),
        "RSA",
        new RSAPublicKeySpec(modulus, exponent));
  }

  private GateKey ec() {
    refusePrivate();
    String curve = text("crv");
    Algorithm algorithm =
        switch (curve) {
          case "P-256" -> Algorithm.ES256;
          case "P-384" -> Algorithm.ES384;
          case "P-521" -> Algorithm.ES512;
          default ->
              throw new KeyException(
                  "%s: crv is '%s', expected P-256, P-384 or P-521".formatted(name(), curve));
        };
    int coordinateBytes = curve.equals("P-521") ? 66 : algorithm.hashBytes();
    byte[] x = bytes("x");
    byte[] y = bytes("y");
    if (x.length != coordinateBytes || y.length != coordinateBytes) {
      throw new KeyException(
          "%s: x and y have %d and %d bytes, expected %d on %s"
              .formatted(name(), x.length, y.length, coordinateBytes, curve));
    }
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp" + curve.substring(2) + "r1"));
      ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
      return key(
          algorithms(algorithm, algorithm.name()),
          "EC",
          new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    } catch (GeneralSecurityException e) {
      throw new KeyException("%s: %s".formatted(name(), e.getMessage()), e);
    }
  }

  private GateKey okp() {
    refusePrivate();
    String curve = text("crv");
    byte[] x = bytes("x");
    byte[] head =
        switch (curve) {
          case "Ed25519" -> ED25519_HEAD;
          case "Ed448" -> ED448_HEAD;
          default ->
              throw new KeyException(
                  "%s: crv is '%s', expected Ed25519 or Ed448".formatted(name(), curve));
        };
    int expected = curve.equals("Ed25519") ? 32 : 57;
    if (x.length != expected) {
      throw new KeyException(
          "%s: x has %d bytes, expected %d on %s".formatted(name(), x.length, expected, curve));
    }
    byte[] encoded = Arrays.copyOf(head, head.length + x.length);
    System.arraycopy(x, 0, encoded, head.length, x.length);
    return key(algorithms(Algorithm.EdDSA, "EdDSA"), "EdDSA", new X509EncodedKeySpec(encoded));
  }

  private GateKey key(Set<Algorithm> algorithms, String factory, KeySpec spec) {
    PublicKey key;
    try {
      key = KeyFactory.getInstance(factory).generatePublic(spec);
    } catch (GeneralSecurityException e) {
      throw new KeyException("%s: %s".formatted(name(), e.getMessage()), e);
    }
    return new GateKey.Public(id, algorithms, key);
  }

  private void refusePrivate() {
    if (member("d") >= 0) {
      throw new KeyException(
          "%s contains its private part (d): give gate the public key alone".formatted(name()));
    }
  }

  /** The algorithm that the key names, or the usual one of its kind. */
  private Set<Algorithm> algorithms(Algorithm usual, String expected) {
    if (member("alg") < 0) {
      return EnumSet.of(usual);
    }
    byte[] name = text("alg").getBytes(UTF_8);
    Algorithm algorithm = Algorithm.named(name, 0, name.length);
    if (algorithm == null) {
      throw new KeyException(
          "%s: alg is '%s', expected %s".formatted(name(), text("alg"), expected));
    }
    return EnumSet.of(algorithm);
  }

  private byte[] bytes(String member) {
    byte[] text = text(member).getBytes(UTF_8);
    byte[] bytes = new byte[text.length];
    int length = Base64Url.decode(text, 0, text.length, bytes);
    if (length <= 0) {
      throw new KeyException("%s: %s is missing or not base64url".formatted(name(), member));
    }
    return Arrays.copyOf(bytes, length);
  }

  private String text(String member) {
    int value = member(member);
    if (value < 0) {
      return "";
    }
    if (tape.kind(value) != JsonTape.STRING) {
      throw new KeyException(
          "a JWK's %s is %s, expected a string"
              .formatted(
                  member,
                  new String(json, tape.start(value), tape.end(value) - tape.start(value), UTF_8)));
    }
    return new String(tape.text(), tape.start(value), tape.end(value) - tape.start(value), UTF_8);
  }

  private int member(String name) {
    return tape.member(object, name.getBytes(UTF_8));
  }
}
