package dev.troth.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Reason;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.keys.KeySource;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.Revocations;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Says whether tokens are genuine. Thread-safe. Keys may rotate while it is used.
 *
 * <pre>{@code
 * Gate gate = Gate.of(Keyring.secret(secret), Policy.DEFAULT.withAudiences("orders"));
 * switch (gate.check(token)) {
 *   case Verdict.Valid(Claims claims) -> serve(claims.subject());
 *   case Verdict.Refused(Reason reason) -> refuse(reason.wording());
 * }
 * }</pre>
 */
public final class Gate {
  private static final int POOLED_VALIDATORS = 64;

  private final List<Trust> trusts;
  private final Revocations revocations;
  private final Engine engine;
  private final InstantSource clock;
  private volatile Configured configured;
  private volatile @Nullable Refusal refusal;

  /**
   * Keys and revocations that the engine did not take, so that they are not tried at each token.
   */
  private record Refusal(List<Keyring> rings, Set<String> revoked, String words) {}

  /** A gate with an engine and a clock of the caller's. */
  public Gate(KeySource keys, Policy policy, Engine engine, InstantSource clock) {
    this(List.of(new Trust(keys, policy)), Revocations.NONE, engine, clock);
  }

  /**
   * A gate for the tokens of several issuers: the issuer that a token names chooses the keys and
   * the policy, and only a token that those keys signed is accepted.
   */
  public Gate(List<Trust> trusts, Revocations revocations, Engine engine, InstantSource clock) {
    this.trusts = List.copyOf(trusts);
    this.revocations = revocations;
    this.engine = engine;
    this.clock = clock;
    if (trusts.isEmpty()
        || (trusts.size() > 1
            && trusts.stream().anyMatch(trust -> trust.policy().issuers().isEmpty()))) {
      throw new IllegalArgumentException(
          "there are %d trusts, expected one, or several that each name their issuers"
              .formatted(trusts.size()));
    }
    configured = new Configured(rings(), revocations.ids(), clock.instant());
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

  /**
   * The verdict on {@code token[from, to)}. Where the token names a key that is being fetched, and
   * only there, it waits for the fetch.
   */
  public Verdict check(byte[] token, int from, int to) {
    Attempt first = attempt(token, from, to);
    if (!first.mayChange()) {
      return first.verdict();
    }
    first.awaitKeys();
    return attempt(token, from, to).verdict();
  }

  /** The verdict by the keys that are here now: it never waits. */
  public Attempt attempt(byte[] token, int from, int to) {
    return configured().check(token, from, to);
  }

  /** A verdict by the keys that were here, which newer ones may change. */
  public static final class Attempt {
    private final Verdict verdict;
    private final @Nullable KeySource source;
    private final Keyring seen;

    private Attempt(Verdict verdict, @Nullable KeySource source, Keyring seen) {
      this.verdict = verdict;
      this.source = source;
      this.seen = seen;
    }

    public Verdict verdict() {
      return verdict;
    }

    /** Whether newer keys are there or on their way, one of which the token may name. */
    public boolean mayChange() {
      return source != null;
    }

    /** Waits for those keys; the caller holds nothing that others need. */
    public void awaitKeys() {
      if (source != null) {
        source.newerThan(seen);
      }
    }
  }

  /** When the present keys were taken up. */
  public Instant keysSince() {
    return configured.since;
  }

  /**
   * Why newer keys or revocations could not be taken up; none if all are what their sources say.
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    trusts.forEach(trust -> trust.keys().problem().ifPresent(problems::add));
    revocations.problem().ifPresent(problems::add);
    Optional.ofNullable(refusal).map(Refusal::words).ifPresent(problems::add);
    return List.copyOf(problems);
  }

  private List<Keyring> rings() {
    return trusts.stream().map(trust -> trust.keys().keyring()).toList();
  }

  /** The validators of the present keys; a rotation makes new ones and lets the old ones finish. */
  private Configured configured() {
    Configured present = configured;
    Set<String> revoked = revocations.ids();
    List<Keyring> rings = present.rings;
    boolean same = isSame(present.revoked, revoked);
    boolean sameKeys = true;
    for (int i = 0; i < trusts.size(); i++) {
      Keyring ring = trusts.get(i).keys().keyring();
      if (!isSame(ring, rings.get(i))) {
        rings = sameKeys ? new ArrayList<>(rings) : rings;
        rings.set(i, ring);
        sameKeys = false;
      }
    }
    if (same && sameKeys) {
      if (refusal != null) {
        refusal = null;
      }
      return present;
    }
    Refusal former = refusal;
    if (former != null && isSame(former.revoked(), revoked) && areSame(former.rings(), rings)) {
      return present;
    }
    return reconfigured(present, rings, revoked, sameKeys ? present.since : clock.instant());
  }

  private Configured reconfigured(
      Configured present, List<Keyring> rings, Set<String> revoked, Instant since) {
    try {
      Configured fresh = new Configured(rings, revoked, since);
      configured = fresh;
      refusal = null;
      return fresh;
    } catch (IllegalArgumentException refused) {
      refusal = new Refusal(rings, revoked, "the former keys stay: " + refused.getMessage());
      return present;
    }
  }

  @SuppressWarnings("ReferenceEquality") // the objects that were seen, not ones like them
  private static boolean isSame(Object one, Object other) {
    return one == other;
  }

  private static boolean areSame(List<Keyring> some, List<Keyring> others) {
    for (int i = 0; i < some.size(); i++) {
      if (!isSame(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private final class Configured {
    private final List<Keyring> rings;
    private final Set<String> revoked;
    private final Instant since;
    private final byte[] settings;
    private final SignatureArithmetic arithmetic;
    private final ArrayBlockingQueue<Engine.Validator> idle =
        new ArrayBlockingQueue<>(POOLED_VALIDATORS);

    Configured(List<Keyring> rings, Set<String> revoked, Instant since) {
      this.rings = List.copyOf(rings);
      this.revoked = revoked;
      this.since = since;
      arithmetic = Keyring.arithmetic(rings);
      settings = settings();
      // A key or policy that the engine refuses is told now, not at the first token.
      idle.add(engine.create(settings, arithmetic));
    }

    private byte[] settings() {
      SettingsWriter all = new SettingsWriter();
      int handle = 0;
      int longest = 0;
      for (int i = 0; i < trusts.size(); i++) {
        Policy policy = trusts.get(i).policy();
        SettingsWriter one = rings.get(i).settings(handle);
        policy.writeTo(one);
        policy.revoked().forEach(id -> all.revoked(id.getBytes(UTF_8)));
        longest = Math.max(longest, policy.maxTokenBytes());
        handle += rings.get(i).keys().size();
        if (trusts.size() > 1) {
          all.group(one);
        } else {
          all.append(one);
        }
      }
      revoked.forEach(id -> all.revoked(id.getBytes(UTF_8)));
      return all.maxTokenBytes(longest).toBytes();
    }

    Attempt check(byte[] token, int from, int to) {
      Engine.Validator validator = idle.poll();
      if (validator == null) {
        validator = engine.create(settings, arithmetic);
      }
      try {
        Reason reason = validator.validate(token, from, to, clock.millis());
        if (reason == Reason.VALID) {
          return settled(new Verdict.Valid(new Claims(validator.payload())));
        }
        Verdict refused = new Verdict.Refused(reason);
        return reason == Reason.KEY_NOT_FOUND ? unknown(refused, validator) : settled(refused);
      } finally {
        validator.forget();
        idle.offer(validator);
      }
    }

    private Attempt settled(Verdict verdict) {
      return new Attempt(verdict, null, rings.getFirst());
    }

    /** A key id that nobody knew may belong to a key that was issued a moment ago. */
    private Attempt unknown(Verdict refused, Engine.Validator validator) {
      int group = validator.group();
      if (group < 0 || group >= rings.size()) {
        return settled(refused);
      }
      KeySource source = trusts.get(group).keys();
      Keyring seen = rings.get(group);
      return new Attempt(refused, source.mayHaveNewer(seen) ? source : null, seen);
    }
  }
}
