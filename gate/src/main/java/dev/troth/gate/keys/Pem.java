package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.gate.core.Algorithm;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys and certificates in PEM (RFC 7468). Private keys are refused. */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> FACTORIES = List.of("RSA", "EC", "EdDSA");

  private Pem() {}

  /**
   * The keys of a text, without ids.
   *
   * @param algorithms what an RSA key is bound to; empty for RS256. Other kinds have one algorithm.
   */
  public static Keyring parse(String text, Set<Algorithm> algorithms) {
    List<GateKey> keys = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      PublicKey key = key(matcher.group(1), matcher.group(2));
      keys.add(new GateKey.Public("", bound(key, algorithms), key));
    }
    if (keys.isEmpty()) {
      throw new KeyException("the PEM text has no block, expected PUBLIC KEY or CERTIFICATE");
    }
    return new Keyring(keys);
  }

  private static PublicKey key(String label, String base64) {
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(base64.getBytes(US_ASCII));
    } catch (IllegalArgumentException e) {
      throw new KeyException("the PEM block %s is not base64".formatted(label), e);
    }
    return switch (label) {
      case "PUBLIC KEY" -> publicKey(der);
      case "CERTIFICATE" -> certificate(der);
      default ->
          throw new KeyException(
              "the PEM block is %s, expected PUBLIC KEY or CERTIFICATE%s"
                  .formatted(
                      label,
                      label.contains("PRIVATE")
                          ? ": gate needs the public key alone (openssl pkey -pubout)"
                          : ""));
    };
  }

  private static PublicKey publicKey(byte[] der) {
    for (String factory : FACTORIES) {
      try {
        return KeyFactory.getInstance(factory).generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException next) {
        // The next kind may read it.
      }
    }
    throw new KeyException("the PEM block PUBLIC KEY is not an RSA, EC or Ed25519 key");
  }

  private static PublicKey certificate(byte[] der) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der))
          .getPublicKey();
    } catch (GeneralSecurityException e) {
      throw new KeyException("the PEM block CERTIFICATE is not readable: " + e.getMessage(), e);
    }
  }

  private static Set<Algorithm> bound(PublicKey key, Set<Algorithm> algorithms) {
    return switch (key) {
      case RSAPublicKey rsa ->
          algorithms.isEmpty() ? EnumSet.of(Algorithm.RS256) : EnumSet.copyOf(algorithms);
      case ECPublicKey ec ->
          EnumSet.of(
              switch (ec.getParams().getCurve().getField().getFieldSize()) {
                case 384 -> Algorithm.ES384;
                case 521 -> Algorithm.ES512;
                default -> Algorithm.ES256;
              });
      default -> EnumSet.of(Algorithm.EdDSA);
    };
  }
}
