package dev.troth.gate.keys;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SignatureArithmetic;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;

/** RSA, ECDSA and EdDSA by the JDK. A key works with the algorithms it is bound to and no other. */
record JcaArithmetic(List<GateKey> keys) implements SignatureArithmetic {
  @Override
  public boolean verify(
      int handle,
      Algorithm algorithm,
      byte[] data,
      int from,
      int to,
      byte[] signature,
      int length) {
    if (handle < 0
        || handle >= keys.size()
        || !(keys.get(handle) instanceof GateKey.Public key)
        || !key.algorithms().contains(algorithm)) {
      return false;
    }
    try {
      Signature verifier = verifier(algorithm);
      verifier.initVerify(key.key());
      verifier.update(data, from, to - from);
      return hasRightLength(algorithm, key.key(), length)
          && verifier.verify(Arrays.copyOf(signature, length));
    } catch (GeneralSecurityException | RuntimeException unverifiable) {
      // What the provider cannot read is not a signature of this key.
      return false;
    }
  }

  private static boolean hasRightLength(Algorithm algorithm, PublicKey key, int length) {
    return switch (algorithm) {
      case ES256 -> length == 64;
      case ES384 -> length == 96;
      case ES512 -> length == 132;
      case EdDSA, Ed25519, Ed448 -> length == (key.getEncoded().length > 44 ? 114 : 64);
      case HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512 -> true;
    };
  }

  private static Signature verifier(Algorithm algorithm) throws GeneralSecurityException {
    return switch (algorithm) {
      case RS256 -> Signature.getInstance("SHA256withRSA");
      case RS384 -> Signature.getInstance("SHA384withRSA");
      case RS512 -> Signature.getInstance("SHA512withRSA");
      case PS256 -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
      case PS384 -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
      case PS512 -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
      case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
      case ES384 -> Signature.getInstance("SHA384withECDSAinP1363Format");
      case ES512 -> Signature.getInstance("SHA512withECDSAinP1363Format");
      case EdDSA, Ed25519, Ed448 -> Signature.getInstance("EdDSA");
      case HS256, HS384, HS512 ->
          throw new GeneralSecurityException(algorithm + " has no public key");
    };
  }

  private static Signature pss(String hash, MGF1ParameterSpec mask, int saltBytes)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(new PSSParameterSpec(hash, "MGF1", mask, saltBytes, 1));
    return signature;
  }
}
