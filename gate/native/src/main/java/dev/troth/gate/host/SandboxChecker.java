package dev.troth.gate.host;

import dev.troth.gate.core.Reason;
import dev.troth.gate.http.GateMetrics;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.TokenChecker;
import org.teavm.interop.Address;

/** Asks the sandboxed module; its memory is reset after every token. */
final class SandboxChecker implements TokenChecker {
  final GateMetrics metrics = new GateMetrics();
  private byte[] payload = {};
  private int payloadLength;
  private long keysSinceMillis;

  /** Starts the module with settings; what went wrong, or 0. The former module stays then. */
  int configure(byte[] settings) {
    int status = Native.configure(Address.ofData(settings), settings.length);
    if (status == 0) {
      keysSinceMillis = Native.millis();
      if (payload.length < Native.maxTokenBytes()) {
        payload = new byte[Native.maxTokenBytes()];
      }
    }
    return status;
  }

  @Override
  public Reason check(byte[] token, int from, int to) {
    long start = Native.nanos();
    Reason reason =
        Reason.of(Native.check(Address.ofData(token).add(from), to - from, Native.millis()));
    payloadLength =
        reason == Reason.VALID ? Native.payload(Address.ofData(payload), payload.length) : 0;
    Native.reset();
    metrics.count(reason, Native.nanos() - start);
    return reason;
  }

  @Override
  public byte[] payload() {
    return payload;
  }

  @Override
  public int payloadLength() {
    return payloadLength;
  }

  @Override
  public void forget() {
    for (int i = 0; i < payloadLength; i++) {
      payload[i] = 0;
    }
    payloadLength = 0;
  }

  void writeMetrics(Output out, boolean degraded) {
    metrics.write(out, (Native.millis() - keysSinceMillis) / 1000, degraded);
  }
}
