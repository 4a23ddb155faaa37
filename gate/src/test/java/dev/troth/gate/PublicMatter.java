package dev.troth.gate;

import static dev.troth.gate.Tokens.base64;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.gate.core.Algorithm;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts that no gate may take for a secret. */
public final class PublicMatter {
  private static final Signer RSA = Signer.of(Algorithm.RS256);
  private static final Signer EC = Signer.of(Algorithm.ES256);

  private PublicMatter() {}

  /** Everything that a stranger can have read, in the forms in which people keep public keys. */
  public static Map<String, byte[]> forms() {
    String pem = pem("PUBLIC KEY", RSA.pair().getPublic().getEncoded());
    String jwks = RSA.jwks("r");
    Map<String, byte[]> matter = new LinkedHashMap<>();
    matter.put("PEM", pem.getBytes(US_ASCII));
    matter.put(
        "PEM of an EC key",
        pem("PUBLIC KEY", EC.pair().getPublic().getEncoded()).getBytes(US_ASCII));
    matter.put(
        "PEM behind words", ("Bag Attributes\n    localKeyID: 01\n" + pem).getBytes(US_ASCII));
    matter.put("PEM behind a mark", ("\u00ef\u00bb\u00bf" + pem).getBytes(ISO_8859_1));
    matter.put("DER", RSA.pair().getPublic().getEncoded());
    matter.put(
        "ssh-rsa", ("ssh-rsa " + base64(RSA.pair().getPublic().getEncoded())).getBytes(US_ASCII));
    matter.put("JWK set", jwks.getBytes(US_ASCII));
    matter.put("array of JWKs", jwks.substring(8, jwks.lastIndexOf('}')).getBytes(US_ASCII));
    matter.put(
        "page",
        "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>\n"
            .getBytes(US_ASCII));
    matter.put(
        "problem",
        "{\"title\":\"Service temporarily unavailable\",\"status\":503}".getBytes(US_ASCII));
    return matter;
  }

  public static String pem(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  /** {@code RSAPublicKey} of RFC 8017 §A.1.1. */
  public static byte[] pkcs1(RSAPublicKey key) {
    byte[] modulus = integer(key.getModulus());
    byte[] exponent = integer(key.getPublicExponent());
    byte[] both = Arrays.copyOf(modulus, modulus.length + exponent.length);
    System.arraycopy(exponent, 0, both, modulus.length, exponent.length);
    return element(0x30, both);
  }

  private static byte[] integer(BigInteger number) {
    return element(0x02, number.toByteArray());
  }

  private static byte[] element(int tag, byte[] content) {
    int size = content.length;
    byte[] head =
        size < 128
            ? new byte[] {(byte) tag, (byte) size}
            : new byte[] {(byte) tag, (byte) 0x82, (byte) (size >> 8), (byte) size};
    byte[] element = Arrays.copyOf(head, head.length + size);
    System.arraycopy(content, 0, element, head.length, size);
    return element;
  }
}
