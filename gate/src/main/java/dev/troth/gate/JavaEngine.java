package dev.troth.gate;

import dev.troth.gate.core.Reason;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.core.TokenValidator;
import java.util.Arrays;

/** Runs the core as plain Java: the fastest engine, isolated by overwriting its buffers. */
final class JavaEngine implements Engine {
  @Override
  public Validator create(byte[] bytes, SignatureArithmetic arithmetic) {
    Settings settings = Settings.read(bytes, 0, bytes.length);
    if (settings == null) {
      throw new IllegalArgumentException("settings are not well-formed, or a secret is too short");
    }
    return new Plain(new TokenValidator(settings, arithmetic));
  }

  private record Plain(TokenValidator validator) implements Validator {
    @Override
    public Reason validate(byte[] token, int from, int to, long nowMillis) {
      return validator.validate(token, from, to, nowMillis);
    }

    @Override
    public byte[] payload() {
      return Arrays.copyOf(validator.payload(), validator.payloadLength());
    }

    @Override
    public int group() {
      return validator.group();
    }

    @Override
    public void forget() {
      validator.wipe();
    }
  }
}
