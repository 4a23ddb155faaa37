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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives verdicts on the platform's tokens, in the sandbox where this build contains it; the metric
 * {@code troth_gate_sandboxed} says whether it does.
 */
public final class PlatformGate implements Lifecycle {
  private final Tokens tokens;
  private final Counter verdicts;
  private final Gauge sandboxed;
  private @Nullable Gate gate;

  public PlatformGate(Tokens tokens, Metrics metrics) {
    this.tokens = tokens;
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

  /** The verdict on a token, counted. */
  Verdict verdict(String token) {
    Gate present = gate;
    if (present == null) {
      throw new IllegalStateException("gate has not been started");
    }
    Verdict verdict = token.isEmpty() ? missing() : present.check(token);
    if (verdict instanceof Verdict.Valid(Claims claims) && tokens.isRevoked(claims)) {
      verdict = new Verdict.Refused(Reason.REVOKED);
    }
    verdicts.labelValues(verdict.reason().code()).inc();
    return verdict;
  }

  private static Verdict missing() {
    return new Verdict.Refused(Reason.TOKEN_MISSING);
  }
}
