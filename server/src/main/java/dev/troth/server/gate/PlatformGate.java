package dev.troth.server.gate;

import dev.troth.gate.Claims;
import dev.troth.gate.Engine;
import dev.troth.gate.Gate;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.sandbox.SandboxEngine;
import dev.troth.server.auth.Tokens;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.ops.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Gives verdicts on the platform's tokens, in the sandbox where this build contains it; the metric
 * {@code troth_gate_sandboxed} says whether it does.
 */
public final class PlatformGate implements Lifecycle {
  private final Tokens tokens;
  private final Counter verdicts;
  private final Gauge sandboxed;

  /** The same by reason: to read the metric would make a series of each. */
  private final AtomicLongArray counted = new AtomicLongArray(Reason.values().length);

  private final Latencies latencies = new Latencies();
  private final Path keyFile;
  private final Runnable moved;
  private @Nullable Gate gate;

  /**
   * @param keyFile where the signing key lies
   * @param moved called after each verdict, so that open pages follow
   */
  public PlatformGate(Tokens tokens, Metrics metrics, Path keyFile, Runnable moved) {
    this.tokens = tokens;
    this.keyFile = keyFile;
    this.moved = moved;
    verdicts =
        Counter.builder()
            .name("troth_gate_verdicts_total")
            .help("Verdicts by reason.")
            .labelNames("reason")
            .register(metrics.registry());
    sandboxed =
        Gauge.builder()
            .name("troth_gate_sandboxed")
            .help("1 if tokens are checked in the WebAssembly sandbox, 0 if as plain Java.")
            .register(metrics.registry());
  }

  @Override
  public String name() {
    return "gate";
  }

  @Override
  public void start() {
    Optional<SandboxEngine> sandbox = SandboxEngine.builtIn();
    sandboxed.set(sandbox.isPresent() ? 1 : 0);
    gate = tokens.gate(sandbox.<Engine>map(engine -> engine).orElseGet(Gate::javaEngine));
  }

  @Override
  public void stop() {}

  /** Envoy's question about the platform's tokens. */
  public ExtAuthz extAuthz() {
    return new ExtAuthz(
        this::verdict,
        ServiceSettings.of(ClaimHeaders.parse("sub:X-Auth-Subject,role:X-Auth-Role")));
  }

  /** What it has found since this platform started, and the key that it checks with. */
  public GateFigures figures() {
    Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      long count = counted.get(reason.ordinal());
      if (count > 0) {
        counts.put(reason, count);
      }
    }
    return new GateFigures(
        sandboxed.get() > 0,
        counts,
        latencies.figures(),
        new GateFigures.Key(tokens.platform(), "HS256", writtenAt(keyFile)));
  }

  /** The time of a file; empty where it cannot be read just now. */
  private static Optional<Instant> writtenAt(Path file) {
    try {
      return Optional.of(Files.getLastModifiedTime(file).toInstant());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The verdict on a token, counted. */
  Verdict verdict(String token) {
    long begin = System.nanoTime();
    Verdict verdict = judged(token);
    latencies.add(System.nanoTime() - begin);
    verdicts.labelValues(verdict.reason().code()).inc();
    var _ = counted.incrementAndGet(verdict.reason().ordinal());
    moved.run();
    return verdict;
  }

  private Verdict judged(String token) {
    Gate present = gate;
    if (present == null) {
      throw new IllegalStateException("gate has not been started");
    }
    Verdict verdict = token.isEmpty() ? missing() : present.check(token);
    if (verdict instanceof Verdict.Valid(Claims claims) && tokens.isRevoked(claims)) {
      verdict = new Verdict.Refused(Reason.REVOKED);
    }
    return verdict;
  }

  private static Verdict missing() {
    return new Verdict.Refused(Reason.TOKEN_MISSING);
  }
}
