package dev.troth.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.JwkWriter;
import dev.troth.gate.keys.Keyring;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** Signs tokens with a key pair of the JDK's. */
public record Signer(Algorithm algorithm, KeyPair pair) {
  /** Every algorithm that is not an HMAC. */
  public static final List<Algorithm> ALGORITHMS =
      List.copyOf(EnumSet.range(Algorithm.RS256, Algorithm.EdDSA));

  private static final ConcurrentHashMap<Algorithm, Signer> KNOWN = new ConcurrentHashMap<>();

  /** The signer of an algorithm; the same at each call, for RSA keys are long in the making. */
  public static Signer of(Algorithm algorithm) {
    return KNOWN.computeIfAbsent(algorithm, Signer::fresh);
  }

  private static Signer fresh(Algorithm algorithm) {
    try {
      return new Signer(algorithm, generator(algorithm).generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPairGenerator generator(Algorithm algorithm) throws GeneralSecurityException {
    return switch (algorithm) {
      case RS256, RS384, RS512, PS256, PS384, PS512 -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        // A length that is no whole number of bytes among them: PSS then leaves out a byte.
        generator.initialize(algorithm == Algorithm.PS384 ? 2049 : 2048);
        yield generator;
      }
      case ES256, ES384, ES512 -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        int bits = algorithm == Algorithm.ES512 ? 521 : 8 * algorithm.hashBytes();
        generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
        yield generator;
      }
      case EdDSA, Ed25519 -> KeyPairGenerator.getInstance("Ed25519");
      case Ed448 -> KeyPairGenerator.getInstance("Ed448");
      case HS256, HS384, HS512 ->
          throw new IllegalArgumentException(algorithm + " has no key pair");
    };
  }

  /** The public key under an id, bound to the algorithm. */
  public GateKey.Public key(String id) {
    return new GateKey.Public(id, EnumSet.of(algorithm), pair.getPublic());
  }

  /** The public key as a set of one JWK. */
  public String jwks(String id) {
    return JwkWriter.write(new Keyring(List.of(key(id))));
  }

  public byte[] sign(byte[] data) {
    try {
      Signature signature = signature();
      signature.initSign(pair.getPrivate());
      signature.update(data);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A token with the algorithm's own header and these claims. */
  public String token(String claims) {
    return token(("{\"alg\":\"" + algorithm + "\"}").getBytes(UTF_8), claims.getBytes(UTF_8));
  }

  public String token(byte[] header, byte[] claims) {
    String text = Tokens.base64(header) + "." + Tokens.base64(claims);
    return text + "." + Tokens.base64(sign(text.getBytes(US_ASCII)));
  }

  private Signature signature() throws GeneralSecurityException {
    int bits = 8 * algorithm.hashBytes();
    return switch (algorithm) {
      case RS256, RS384, RS512 -> Signature.getInstance("SHA" + bits + "withRSA");
      case PS256, PS384, PS512 -> {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        String hash = "SHA-" + bits;
        signature.setParameter(
            new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), bits / 8, 1));
        yield signature;
      }
      case ES256, ES384, ES512 -> Signature.getInstance("SHA" + bits + "withECDSAinP1363Format");
      case EdDSA, Ed25519, Ed448 -> Signature.getInstance("EdDSA");
      case HS256, HS384, HS512 -> throw new IllegalStateException(algorithm + " has no key pair");
    };
  }
}
