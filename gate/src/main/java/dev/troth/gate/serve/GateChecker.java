package dev.troth.gate.serve;

import dev.troth.gate.Gate;
import dev.troth.gate.Verdict;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.GateMetrics;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.TokenChecker;
import java.time.InstantSource;

/** Counts the verdicts of a gate for the services of one host. */
public final class GateChecker {
  private final Gate gate;
  private final InstantSource clock;
  private final GateMetrics metrics = new GateMetrics();

  public GateChecker(Gate gate, InstantSource clock) {
    this.gate = gate;
    this.clock = clock;
  }

  /** The verdict on one token, counted; an empty text is no token. */
  public Verdict check(String token) {
    long start = System.nanoTime();
    Verdict verdict =
        token.isEmpty() ? new Verdict.Refused(Reason.TOKEN_MISSING) : gate.check(token);
    long elapsed = System.nanoTime() - start;
    synchronized (metrics) {
      metrics.count(verdict.reason(), elapsed);
    }
    return verdict;
  }

  /** A checker for one service. */
  public TokenChecker checker() {
    return new Checker();
  }

  /** Writes the metrics of all checkers. */
  public void writeMetrics(Output out) {
    long age = clock.millis() / 1000 - gate.keysSince().getEpochSecond();
    synchronized (metrics) {
      metrics.write(out, age);
    }
  }

  private final class Checker implements TokenChecker {
    private static final byte[] NOTHING = {};
    private byte[] payload = NOTHING;

    @Override
    public Reason check(byte[] token, int from, int to) {
      long start = System.nanoTime();
      Verdict verdict = gate.check(token, from, to);
      long elapsed = System.nanoTime() - start;
      payload = verdict instanceof Verdict.Valid valid ? valid.claims().utf8() : NOTHING;
      synchronized (metrics) {
        metrics.count(verdict.reason(), elapsed);
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
    }
  }
}
