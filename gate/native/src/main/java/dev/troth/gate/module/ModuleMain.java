package dev.troth.gate.module;

import dev.troth.gate.core.Reason;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.TokenValidator;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;
import org.teavm.interop.Function;
import org.teavm.interop.Import;
import org.teavm.interop.c.Include;

/**
 * What the module exports, see docs/gate-module.md. Runs once to hand its functions to {@code
 * module.c}, which gives them their names; then waits to be called.
 */
public final class ModuleMain {
  private static byte[] settingsBytes = {};
  private static byte[] token = {};
  private static byte[] mark = {};
  private static @Nullable TokenValidator validator;

  private ModuleMain() {}

  /** {@code settings(length)}: where the host writes so many bytes of settings. */
  abstract static class SettingsFunction extends Function {
    abstract Address call(int length);
  }

  /** {@code configure(length)}: 0 when the settings were taken. */
  abstract static class ConfigureFunction extends Function {
    abstract int call(int length);
  }

  /** {@code token()}, {@code payload()}: where to write the token, where to read the claims. */
  abstract static class AddressFunction extends Function {
    abstract Address call();
  }

  /** {@code payload_length()}, {@code max_token_bytes()}, {@code group()}. */
  abstract static class LengthFunction extends Function {
    abstract int call();
  }

  /** {@code validate(length, nowMillis)}: the number of a reason. */
  abstract static class ValidateFunction extends Function {
    abstract int call(int length, long nowMillis);
  }

  public static void main(String[] args) {
    exportBuffers(
        Function.get(SettingsFunction.class, ModuleMain.class, "settings"),
        Function.get(AddressFunction.class, ModuleMain.class, "token"),
        Function.get(AddressFunction.class, ModuleMain.class, "payload"));
    exportCalls(
        Function.get(ConfigureFunction.class, ModuleMain.class, "configure"),
        Function.get(ValidateFunction.class, ModuleMain.class, "validate"),
        Function.get(LengthFunction.class, ModuleMain.class, "payloadLength"),
        Function.get(LengthFunction.class, ModuleMain.class, "maxTokenBytes"),
        Function.get(LengthFunction.class, ModuleMain.class, "group"));
  }

  public static Address settings(int length) {
    settingsBytes = new byte[length];
    return Address.ofData(settingsBytes);
  }

  public static int configure(int length) {
    Settings settings = Settings.read(settingsBytes, 0, Math.min(length, settingsBytes.length));
    // The secrets stay in the keys' hash states alone.
    for (int i = 0; i < settingsBytes.length; i++) {
      settingsBytes[i] = 0;
    }
    settingsBytes = new byte[0];
    if (settings == null) {
      return 1;
    }
    validator = new TokenValidator(settings, new HostArithmetic());
    token = new byte[validator.maxTokenBytes()];
    validator.prepare();
    // The last thing allocated, and not zero: hosts see by it how far the memory is used.
    mark = new byte[] {1, 2, 3, 4};
    return 0;
  }

  public static Address token() {
    return Address.ofData(token);
  }

  public static int validate(int length, long nowMillis) {
    TokenValidator present = validator;
    if (present == null || length < 0) {
      return -1;
    }
    // A token that does not fit was never written: its length alone is its verdict.
    return length > token.length
        ? Reason.TOKEN_TOO_LARGE.number()
        : present.validate(token, 0, length, nowMillis).number();
  }

  public static Address payload() {
    TokenValidator present = validator;
    return Address.ofData(present == null ? token : present.payload());
  }

  public static int payloadLength() {
    TokenValidator present = validator;
    return present == null ? 0 : present.payloadLength();
  }

  /** Which group of settings the last token's issuer chose. */
  public static int group() {
    TokenValidator present = validator;
    return present == null ? -1 : present.group();
  }

  public static int maxTokenBytes() {
    return mark.length == 0 ? 0 : token.length;
  }

  @Include("module.h")
  @Import(name = "gate_export_buffers")
  private static native void exportBuffers(
      SettingsFunction settings, AddressFunction token, AddressFunction payload);

  @Include("module.h")
  @Import(name = "gate_export_calls")
  private static native void exportCalls(
      ConfigureFunction configure,
      ValidateFunction validate,
      LengthFunction payloadLength,
      LengthFunction maxTokenBytes,
      LengthFunction group);
}
