package dev.troth.gate.host;

import dev.troth.gate.arithmetic.LimbArithmetic;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Base64Url;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.jwk.KeyDocument;
import dev.troth.gate.jwk.PublicKeyData;
import org.teavm.interop.Address;
import org.teavm.interop.Function;

/**
 * RSA, ECDSA and Ed25519 keys of the native host. They stay outside of the sandbox, which asks for
 * each signature by {@link #verify}. That may not allocate: the callers' frames hold addresses of
 * arrays that a collection would move.
 */
final class LimbKeys implements PublicKeys {
  /** RFC 8037 §A.2 and §A.4; RFC 7515 §A.3. */
  private static final String EXAMPLES =
      "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
          + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},"
          + "{\"kty\":\"EC\",\"crv\":\"P-256\","
          + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
          + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

  private static final String ED25519_TEXT =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  private static final String ED25519_SIGNATURE =
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  private static final String ES256_TEXT =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
          + "LmNvbS9pc19yb290Ijp0cnVlfQ";
  private static final String ES256_SIGNATURE =
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

  /** Of all issuers together. */
  private static final int MAX_KEYS = 1024;

  private static final NativeOperations OPERATIONS = new NativeOperations();

  private static LimbArithmetic present = new LimbArithmetic(MAX_KEYS, OPERATIONS);
  private static byte[] data = {};
  private static final byte[] SIGNATURE = new byte[1024];

  private LimbArithmetic next = present;

  /** {@code verify(handle, algorithm, data, size, signature, length)}: 1 if it is right. */
  abstract static class VerifyFunction extends Function {
    abstract int call(
        int handle, int algorithm, Address data, int size, Address signature, int length);
  }

  LimbKeys() {
    Native.arithmetic(Function.get(VerifyFunction.class, LimbKeys.class, "verify"));
  }

  public static int verify(
      int handle, int algorithm, Address text, int size, Address signature, int length) {
    Algorithm asked = Algorithm.of(algorithm);
    if (asked == null || size > data.length || length > SIGNATURE.length) {
      return 0;
    }
    for (int i = 0; i < size; i++) {
      data[i] = text.add(i).getByte();
    }
    for (int i = 0; i < length; i++) {
      SIGNATURE[i] = signature.add(i).getByte();
    }
    return present.verify(handle, asked, data, 0, size, SIGNATURE, length) ? 1 : 0;
  }

  @Override
  public String selfTest() {
    begin();
    String problem = write(Bytes.ascii(EXAMPLES), 0, new SettingsWriter());
    if (!problem.isEmpty()) {
      return "self-test: the keys of the examples: " + problem;
    }
    boolean right =
        verifies(1, Algorithm.ES256, ES256_TEXT, ES256_SIGNATURE)
            && verifies(0, Algorithm.EdDSA, ED25519_TEXT, ED25519_SIGNATURE);
    boolean wrong =
        verifies(1, Algorithm.ES256, ED25519_TEXT, ES256_SIGNATURE)
            || verifies(0, Algorithm.EdDSA, ES256_TEXT, ED25519_SIGNATURE)
            || verifies(0, Algorithm.ES256, ES256_TEXT, ES256_SIGNATURE);
    return right && !wrong ? "" : "self-test: a public key got the wrong verdict";
  }

  private boolean verifies(int handle, Algorithm algorithm, String text, String signature) {
    byte[] bytes = Bytes.ascii(text);
    byte[] decoded = decode(Bytes.ascii(signature));
    return next.verify(handle, algorithm, bytes, 0, bytes.length, decoded, decoded.length);
  }

  @Override
  public void begin() {
    next = new LimbArithmetic(MAX_KEYS, OPERATIONS);
  }

  @Override
  public String write(byte[] text, int algorithms, SettingsWriter settings) {
    int rsa = algorithms & (Algorithm.RS256.bit() * 63);
    KeyDocument document = KeyDocument.read(text, rsa);
    if (!document.problem().isEmpty()) {
      return document.problem();
    }
    String ignored = "";
    int taken = 0;
    for (PublicKeyData key : document.keys()) {
      int handle = next.count();
      int bound = algorithms == 0 ? key.algorithms() : key.algorithms() & algorithms;
      String problem = bound == 0 ? "a key fits none of the algorithms allowed" : next.add(key);
      if (problem.isEmpty()) {
        settings.hostKey(bound, key.id(), handle);
        taken++;
      } else {
        ignored = problem;
      }
    }
    return taken == 0 ? "has no usable key: " + ignored : "";
  }

  /** The bytes of a base64url text. */
  private static byte[] decode(byte[] text) {
    byte[] decoded = new byte[text.length];
    int length = Math.max(0, Base64Url.decode(text, 0, text.length, decoded));
    byte[] exact = new byte[length];
    System.arraycopy(decoded, 0, exact, 0, length);
    return exact;
  }

  @Override
  public void taken() {
    present = next;
    if (data.length < Native.maxTokenBytes()) {
      data = new byte[Native.maxTokenBytes()];
    }
  }
}
