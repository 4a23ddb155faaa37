package dev.troth.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.KeySource;
import dev.troth.gate.keys.Keyring;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Gives verdicts on tokens. Thread-safe; create one and share it.
 *
 * <pre>{@code
 * Gate gate = Gate.of(Keyring.secret(Files.readAllBytes(keyFile)), Policy.DEFAULT.withAudiences("orders"));
 * switch (gate.check(token)) {
 *   case Verdict.Valid(Claims claims) -> serve(claims.subject());
 *   case Verdict.Refused(Reason reason) -> refuse(reason.wording());
 * }
 * }</pre>
 */
public final class Gate {
  private static final int POOLED_VALIDATORS = 64;

  private final KeySource keys;
  private final Policy policy;
  private final Engine engine;
  private final InstantSource clock;
  private volatile Configured configured;

  /** A gate with an engine and a clock of the caller's. */
  public Gate(KeySource keys, Policy policy, Engine engine, InstantSource clock) {
    this.keys = keys;
    this.policy = policy;
    this.engine = engine;
    this.clock = clock;
    configured = new Configured(keys.keyring());
  }

  /** A gate in plain Java on the system's clock. */
  public static Gate of(KeySource keys, Policy policy) {
    return new Gate(keys, policy, new JavaEngine(), InstantSource.system());
  }

  /** The engine that runs the core as it is. */
  public static Engine javaEngine() {
    return new JavaEngine();
  }

  public Verdict check(String token) {
    byte[] bytes = token.getBytes(UTF_8);
    return check(bytes, 0, bytes.length);
  }

  /** The verdict on {@code token[from, to)}. */
  @SuppressWarnings("ReferenceEquality") // the keys that were seen, not keys like them
  public Verdict check(byte[] token, int from, int to) {
    Configured present = configured(keys.keyring());
    Verdict verdict = present.check(token, from, to);
    if (verdict.reason() != Reason.KEY_NOT_FOUND) {
      return verdict;
    }
    // A key id that nobody knew may belong to a key that was issued a moment ago.
    Keyring newer = keys.newerThan(present.keyring);
    return newer == present.keyring ? verdict : configured(newer).check(token, from, to);
  }

  /** When the present keys were taken up. */
  public Instant keysSince() {
    return configured.since;
  }

  /** The validators of the present keys; a rotation makes new ones and lets the old ones finish. */
  @SuppressWarnings("ReferenceEquality") // the keys that are configured, not keys like them
  private Configured configured(Keyring keyring) {
    Configured present = configured;
    if (present.keyring == keyring) {
      return present;
    }
    Configured fresh = new Configured(keyring);
    configured = fresh;
    return fresh;
  }

  private final class Configured {
    private final Keyring keyring;
    private final byte[] settings;
    private final Instant since = clock.instant();
    private final ArrayBlockingQueue<Engine.Validator> idle =
        new ArrayBlockingQueue<>(POOLED_VALIDATORS);

    Configured(Keyring keyring) {
      this.keyring = keyring;
      var writer = keyring.settings();
      policy.writeTo(writer);
      settings = writer.toBytes();
      // A key or policy that the engine refuses is told now, not at the first token.
      idle.add(engine.create(settings, keyring.arithmetic()));
    }

    Verdict check(byte[] token, int from, int to) {
      Engine.Validator validator = idle.poll();
      if (validator == null) {
        validator = engine.create(settings, keyring.arithmetic());
      }
      try {
        Reason reason = validator.validate(token, from, to, clock.millis());
        return reason == Reason.VALID
            ? new Verdict.Valid(new Claims(validator.payload()))
            : new Verdict.Refused(reason);
      } finally {
        validator.forget();
        idle.offer(validator);
      }
    }
  }
}
