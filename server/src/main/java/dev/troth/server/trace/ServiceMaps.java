package dev.troth.server.trace;

import java.util.function.LongSupplier;

/** The newest map of services, drawn anew when traces have come. Safe for use by many threads. */
public final class ServiceMaps {
  /** Spans that a map is made of: they are read whole. */
  static final int SPANS = 5_000;

  private final TraceViewStore traces;
  private final LongSupplier revision;
  private ServiceMap last = ServiceMap.EMPTY;
  private long madeOf;
  private boolean made;

  /**
   * @param revision a number that differs when traces have come
   */
  public ServiceMaps(TraceViewStore traces, LongSupplier revision) {
    this.traces = traces;
    this.revision = revision;
  }

  /** The map of the newest spans; who asks meanwhile waits for it, and does not make another. */
  public synchronized ServiceMap newest() {
    long moved = revision.getAsLong();
    if (!made || moved != madeOf) {
      last = ServiceMap.of(traces.newest(SPANS));
      made = true;
      madeOf = moved;
    }
    return last;
  }
}
