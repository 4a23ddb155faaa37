package dev.troth.gate.wasi;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.core.TokenValidator;
import dev.troth.gate.http.Output;
import dev.troth.gate.jwk.SecretDocument;
import org.teavm.interop.Address;

/**
 * {@code gate-wasi.wasm}: checks the token of standard input with the secret of {@code JWT_SECRET}.
 * Exit code 0 for a valid token, 1 for another, 2 without a usable configuration.
 */
public final class WasiMain {
  private static final int MAX_VARIABLE_BYTES = 8192;

  private WasiMain() {}

  public static void main(String[] args) {
    SettingsWriter settings = new SettingsWriter();
    String problem = configure(settings);
    byte[] bytes = settings.toBytes();
    Settings read = problem.isEmpty() ? Settings.read(bytes, 0, bytes.length) : null;
    if (read == null) {
      say(2, "gate: " + (problem.isEmpty() ? "the settings are not well-formed" : problem));
      Wasi.exit(2);
      return;
    }
    TokenValidator validator = new TokenValidator(read, SignatureArithmetic.NONE);
    byte[] token = new byte[validator.maxTokenBytes() + 2];
    int length = Wasi.read(Address.ofData(token), token.length);
    if (length > 0 && token[length - 1] == '\n') {
      length--;
    }
    Reason reason =
        length <= 0 ? Reason.TOKEN_MISSING : validator.validate(token, 0, length, Wasi.millis());
    say(
        1,
        reason == Reason.VALID
            ? "{\"valid\":true}"
            : "{\"valid\":false,\"error\":\""
                + reason.wording()
                + "\",\"reason\":\""
                + reason.code()
                + "\"}");
    Wasi.exit(reason == Reason.VALID ? 0 : 1);
  }

  /** Writes what the variables say; what is wrong, or nothing. */
  private static String configure(SettingsWriter settings) {
    byte[] variable = new byte[MAX_VARIABLE_BYTES];
    boolean hasSecret = false;
    for (int i = 0; ; i++) {
      int length = Wasi.variable(i, Address.ofData(variable), variable.length);
      if (length < 0) {
        return hasSecret
            ? ""
            : "there is no key: set JWT_SECRET (export JWT_SECRET=$(openssl rand -base64 48))";
      }
      int equals = 0;
      while (equals < length && variable[equals] != '=') {
        equals++;
      }
      int from = Math.min(equals + 1, length);
      if (from == length && equals >= 5 && isNamed(variable, 5, "GATE_")) {
        return "a variable of GATE_ is empty: expected a value";
      }
      if (isNamed(variable, equals, "JWT_SECRET")) {
        SecretDocument secret =
            SecretDocument.read(slice(variable, from, length), 0, SecretDocument.Form.RAW);
        if (!secret.problem().isEmpty()) {
          return "JWT_SECRET " + secret.problem();
        }
        secret.writeTo(settings);
        hasSecret = true;
      } else if (isNamed(variable, equals, "GATE_ISSUER")) {
        settings.issuer(slice(variable, from, length));
      } else if (isNamed(variable, equals, "GATE_AUDIENCE")) {
        settings.audience(slice(variable, from, length));
      } else if (equals >= 5 && isNamed(variable, 5, "GATE_")) {
        return "only GATE_ISSUER and GATE_AUDIENCE are variables of this program";
      }
    }
  }

  private static boolean isNamed(byte[] variable, int to, String name) {
    return Bytes.equal(variable, 0, to, Bytes.ascii(name));
  }

  private static byte[] slice(byte[] text, int from, int to) {
    byte[] slice = new byte[to - from];
    System.arraycopy(text, from, slice, 0, slice.length);
    return slice;
  }

  private static void say(int file, String line) {
    Output out = new Output(128).ascii(line).put('\n');
    Wasi.write(file, Address.ofData(out.bytes()), out.length());
  }
}
