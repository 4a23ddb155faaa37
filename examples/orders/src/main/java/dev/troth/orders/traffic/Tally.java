package dev.troth.orders.traffic;

import dev.troth.orders.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of the requests. */
final class Tally {
  private final LongAdder ok = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder held = new LongAdder();

  void answered(int status) {
    (status < 400 ? ok : status < 500 ? refused : failed).increment();
  }

  /** No answer came. */
  void failed() {
    failed.increment();
  }

  /** Not sent: too many were still waiting for their answers. */
  void held() {
    held.increment();
  }

  /** {@code {"ok":41,"refused":1,"failed":0,"held":0}}. */
  String line() {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("ok", ok.sum());
    counts.put("refused", refused.sum());
    counts.put("failed", failed.sum());
    counts.put("held", held.sum());
    return new String(Json.bytes(counts), StandardCharsets.UTF_8);
  }
}
