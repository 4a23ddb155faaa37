package dev.troth.bench.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.gate.Engine;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.sandbox.SandboxEngine;

/**
 * What a verdict and the restoring of the module's memory cost in the JVM: {@code Restore TOKEN
 * SECRET} prints both in microseconds, the best of five rounds.
 */
public final class Restore {
  private static final int ROUNDS = 5;
  private static final int VERDICTS = 20_000;
  private static final long NOW = 1_700_000_001_000L;

  private Restore() {}

  public static void main(String[] args) {
    byte[] token = args[0].getBytes(US_ASCII);
    byte[] settings =
        new SettingsWriter()
            .secret(Algorithm.HS256.bit(), new byte[0], args[1].getBytes(US_ASCII))
            .toBytes();
    Engine engine =
        SandboxEngine.builtIn()
            .orElseThrow(() ->
                new IllegalStateException("no module here: ./build -Pnative package builds it in"));
    Engine.Validator validator = engine.create(settings, SignatureArithmetic.NONE);
    double verdict = Double.MAX_VALUE;
    double restore = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long restoring = 0;
      long start = System.nanoTime();
      for (int i = 0; i < VERDICTS; i++) {
        Reason reason = validator.validate(token, 0, token.length, NOW);
        if (reason != Reason.VALID) {
          throw new IllegalStateException("the verdict is " + reason);
        }
        long before = System.nanoTime();
        validator.forget();
        restoring += System.nanoTime() - before;
      }
      verdict = Math.min(verdict, (System.nanoTime() - start) / 1e3 / VERDICTS);
      restore = Math.min(restore, restoring / 1e3 / VERDICTS);
    }
    System.out.printf("%.1f %.1f%n", verdict, restore);
  }
}
