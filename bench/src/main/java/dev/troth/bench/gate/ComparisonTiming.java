package dev.troth.bench.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.Settings;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.core.TokenValidator;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Does the time to refuse a signature tell where it is wrong? Times signatures whose first and
 * whose last byte is wrong, in random order and out of one array, for the places of two arrays make
 * a difference of their own; drops the slowest tenth of both, and prints Welch's t. Below 4.5 in
 * size there is no evidence of a difference (the bound of the TVLA method).
 */
public final class ComparisonTiming {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final double BOUND = 4.5;

  private ComparisonTiming() {}

  public static void main(String[] args) throws GeneralSecurityException {
    int samples = args.length > 0 ? Integer.parseInt(args[0]) : 400_000;
    byte[] settings =
        new SettingsWriter().secret(Algorithm.HS256.bit(), new byte[0], SECRET).toBytes();
    TokenValidator validator =
        new TokenValidator(
            requireNonNull(Settings.read(settings, 0, settings.length)), SignatureArithmetic.NONE);
    byte[][] tokens = {token(0), token(31)};
    byte[] token = tokens[0].clone();
    long[][] times = new long[2][samples];
    int[] count = new int[2];
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < samples; i++) {
      System.arraycopy(tokens[i & 1], 0, token, 0, token.length);
      time(validator, token);
    }
    while (count[0] < samples && count[1] < samples) {
      int which = random.nextInt(2);
      System.arraycopy(tokens[which], 0, token, 0, token.length);
      times[which][count[which]++] = time(validator, token);
    }
    double t = welch(kept(times[0], count[0]), kept(times[1], count[1]));
    System.out.printf(
        "first byte wrong %.1f ns, last byte wrong %.1f ns, Welch's t %.2f over %,d each, seed %d: %s%n",
        mean(kept(times[0], count[0])),
        mean(kept(times[1], count[1])),
        t,
        Math.min(count[0], count[1]),
        seed,
        Math.abs(t) < BOUND ? "no evidence of a difference" : "a difference");
  }

  private static long time(TokenValidator validator, byte[] token) {
    long start = System.nanoTime();
    Reason reason = validator.validate(token, 0, token.length, 0);
    long elapsed = System.nanoTime() - start;
    if (reason != Reason.SIGNATURE_INVALID) {
      throw new IllegalStateException("the verdict is " + reason);
    }
    return elapsed;
  }

  private static byte[] token(int wrong) throws GeneralSecurityException {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String text =
        base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(US_ASCII))
            + "."
            + base64.encodeToString("{}".getBytes(US_ASCII));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
    byte[] code = mac.doFinal(text.getBytes(US_ASCII));
    code[wrong] ^= 1;
    return (text + "." + base64.encodeToString(code)).getBytes(US_ASCII);
  }

  private static long[] kept(long[] times, int count) {
    long[] sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
    return Arrays.copyOf(sorted, count * 9 / 10);
  }

  private static double mean(long[] times) {
    return Arrays.stream(times).average().orElse(0);
  }

  private static double welch(long[] a, long[] b) {
    return (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);
  }

  private static double variance(long[] times) {
    double mean = mean(times);
    double sum = 0;
    for (long time : times) {
      sum += (time - mean) * (time - mean);
    }
    return sum / (times.length - 1);
  }
}
