package dev.troth.gate.keys;

import dev.troth.gate.jwk.PublicKeyData;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Makes the JDK's public keys of what a document says. */
final class JcaKeys {
  /** The DER head of an Ed25519 and an Ed448 public key (RFC 8410 §4), before the key itself. */
  private static final byte[] ED25519_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final byte[] ED448_HEAD = HexFormat.of().parseHex("3043300506032b6571033a00");

  private JcaKeys() {}

  static PublicKey of(PublicKeyData key) throws GeneralSecurityException {
    return switch (key.kind()) {
      case RSA ->
          KeyFactory.getInstance("RSA")
              .generatePublic(
                  new RSAPublicKeySpec(
                      new BigInteger(1, key.first()), new BigInteger(1, key.second())));
      case P256 -> point(key, "secp256r1");
      case P384 -> point(key, "secp384r1");
      case P521 -> point(key, "secp521r1");
      case ED25519 -> edwards(ED25519_HEAD, key.first());
      case ED448 -> edwards(ED448_HEAD, key.first());
    };
  }

  private static PublicKey point(PublicKeyData key, String curve) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECPoint point = new ECPoint(new BigInteger(1, key.first()), new BigInteger(1, key.second()));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static PublicKey edwards(byte[] head, byte[] point) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(head, head.length + point.length);
    System.arraycopy(point, 0, encoded, head.length, point.length);
    return KeyFactory.getInstance("EdDSA").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
