package dev.troth.gate.serve;

import dev.troth.gate.Gate;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.GateMetrics;
import dev.troth.gate.http.GateService;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.TokenChecker;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts the verdicts of a gate for the services of one host. */
public final class GateChecker implements GateService.Operations {
  private final Gate gate;
  private final InstantSource clock;
  private final GateMetrics metrics = new GateMetrics();
  private final VerdictListener listener;

  public GateChecker(Gate gate, InstantSource clock) {
    this(gate, clock, VerdictListener.NONE);
  }

  /** The same, which tells somebody of each verdict over HTTP. */
  public GateChecker(Gate gate, InstantSource clock, VerdictListener listener) {
    this.gate = gate;
    this.clock = clock;
    this.listener = listener;
  }

  /** The verdict on one token, counted; an empty text is no token. */
  public Verdict check(String token) {
    long start = System.nanoTime();
    Verdict verdict =
        token.isEmpty() ? new Verdict.Refused(Reason.TOKEN_MISSING) : gate.check(token);
    count(verdict.reason(), System.nanoTime() - start);
    return verdict;
  }

  @Override
  public void writeMetrics(Output out) {
    long age = clock.millis() / 1000 - gate.keysSince().getEpochSecond();
    boolean degraded = isDegraded();
    synchronized (metrics) {
      metrics.write(out, age, degraded);
    }
  }

  @Override
  public boolean isDegraded() {
    return !gate.problems().isEmpty();
  }

  private void count(Reason reason, long nanos) {
    synchronized (metrics) {
      metrics.count(reason, nanos);
    }
  }

  void count(GateMetrics.Refusal refusal) {
    synchronized (metrics) {
      metrics.count(refusal);
    }
  }

  /** A checker for one service. It answers at once, and says what an answer should wait for. */
  final class Checker implements TokenChecker {
    private static final byte[] NOTHING = {};
    private byte[] payload = NOTHING;

    /** A copy for the listener of the token under way; nothing where nobody listens. */
    private byte[] token = NOTHING;

    private Reason reason = Reason.TOKEN_MISSING;
    private @Nullable GateService service;
    private boolean isLast;
    private Gate.@Nullable Attempt pending;

    /** Whose questions it answers: the listener is told what they were for. */
    void serves(GateService one) {
      service = one;
    }

    /**
     * Begins a request. Before the last attempt, a token whose key may be on its way is refused
     * uncounted, and {@link #pending} is what to wait for.
     */
    void begin(boolean isLast) {
      this.isLast = isLast;
      pending = null;
    }

    Gate.@Nullable Attempt pending() {
      return pending;
    }

    @Override
    public Reason check(byte[] token, int from, int to) {
      long start = System.nanoTime();
      Gate.Attempt attempt = gate.attempt(token, from, to);
      Verdict verdict = attempt.verdict();
      if (!isLast && attempt.mayChange()) {
        pending = attempt;
        return verdict.reason();
      }
      payload = verdict instanceof Verdict.Valid valid ? valid.claims().utf8() : NOTHING;
      count(verdict.reason(), System.nanoTime() - start);
      if (listener.isListening()) {
        this.token = Arrays.copyOfRange(token, from, to);
        reason = verdict.reason();
      }
      return verdict.reason();
    }

    @Override
    public byte[] payload() {
      return payload;
    }

    @Override
    public int payloadLength() {
      return payload.length;
    }

    @Override
    public void forget() {
      payload = NOTHING;
      if (token.length > 0) {
        tell();
        token = NOTHING;
      } else if (service != null) {
        service.drop();
      }
    }

    private void tell() {
      GateService.Asked asked = service == null ? null : service.asked();
      if (asked == null) {
        listener.told(token, reason, null);
      } else {
        listener.told(
            token, asked.reason(), new VerdictListener.Place(asked.method(), asked.path()));
      }
    }
  }
}
