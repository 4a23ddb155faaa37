package dev.troth.gate.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.gate.Tokens;
import java.util.Arrays;

/** No token and no settings make the core throw: in the module that would be a trap. */
class TokenFuzzTest {
  private static final byte[] SETTINGS =
      new SettingsWriter().secret(Algorithm.HS256.bit(), new byte[0], Tokens.SECRET).toBytes();

  @FuzzTest(maxDuration = "10m")
  void anyTokenHasAVerdict(FuzzedDataProvider data) {
    TokenValidator validator = validator();
    byte[] token = data.consumeRemainingAsBytes();
    assertThat(validator.validate(token, 0, token.length, 0)).isNotEqualTo(Reason.VALID);
  }

  @FuzzTest(maxDuration = "10m")
  void anySignedDocumentsHaveAVerdict(FuzzedDataProvider data) {
    byte[] header =
        data.consumeBoolean()
            ? Bytes.ascii(Tokens.HS256)
            : data.consumeBytes(Math.min(500, data.remainingBytes() / 2));
    byte[] claims = data.consumeRemainingAsBytes();
    byte[] token = Bytes.ascii(Tokens.signedBytes(header, claims));
    assertThat(validator().validate(token, 0, token.length, Tokens.NOW.toEpochMilli())).isNotNull();
  }

  @FuzzTest(maxDuration = "10m")
  void anySettingsAreReadOrRefused(FuzzedDataProvider data) {
    byte[] bytes = data.consumeRemainingAsBytes();
    Settings settings = Settings.read(bytes, 0, bytes.length);
    if (settings != null) {
      byte[] token = Arrays.copyOf(bytes, Math.min(bytes.length, 200));
      new TokenValidator(settings, SignatureArithmetic.NONE).validate(token, 0, token.length, 0);
    }
  }

  private static TokenValidator validator() {
    return new TokenValidator(
        requireNonNull(Settings.read(SETTINGS, 0, SETTINGS.length)), SignatureArithmetic.NONE);
  }
}
