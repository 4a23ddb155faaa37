package dev.troth.server.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that bodies of requests and long answers hold at a time, over all listeners together and
 * for each client.
 *
 * <pre>{@code
 * try (ByteBudget.Lease lease = budget.lease(client)) {
 *   if (lease.grow(chunk) != ByteBudget.Grant.GIVEN) { ... }
 * }
 * }</pre>
 *
 * <p>Bytes count as they arrive, so a client that announces much and sends little holds little.
 * Safe for use by many threads; a lease is used by one.
 */
public final class ByteBudget {
  private final long total;
  private final long perClient;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final Map<String, Long> clients = new ConcurrentHashMap<>();

  /**
   * A budget that is free.
   *
   * @param total bytes over all clients
   * @param perClient bytes of one client, so that one cannot take all
   */
  public ByteBudget(long total, long perClient) {
    if (perClient <= 0 || perClient > total) {
      throw new IllegalArgumentException(
          "bytes for each client are %d, expected 1 to %d".formatted(perClient, total));
    }
    this.total = total;
    this.perClient = perClient;
  }

  /** What became of a wish for more bytes. */
  public enum Grant {
    GIVEN,
    /** This client holds its share. */
    CLIENT_FULL,
    /** All clients together hold everything. */
    FULL
  }

  /** Bytes held now. */
  public long held() {
    return held.get();
  }

  /** How often bytes were refused since the start. */
  public long refusals() {
    return refused.get();
  }

  /** The bytes of one request, none at first; closing gives them back. */
  public Lease lease(String client) {
    return new Lease(client);
  }

  /** Bytes that one request holds. */
  public final class Lease implements AutoCloseable {
    private final String client;
    private long bytes;

    private Lease(String client) {
      this.client = client;
    }

    /**
     * As {@link #grow}, but at most a client's share: what is longer has to itself what there is.
     */
    public Grant growToShare(long more) {
      return grow(Math.min(more, perClient - bytes));
    }

    /** Takes more bytes, all of them or none. */
    public Grant grow(long more) {
      if (held.addAndGet(more) > total) {
        held.addAndGet(-more);
        refused.incrementAndGet();
        return Grant.FULL;
      }
      boolean[] fits = {false};
      clients.compute(
          client,
          (name, had) -> {
            long now = (had == null ? 0 : had) + more;
            fits[0] = now <= perClient;
            return fits[0] ? Long.valueOf(now) : had;
          });
      if (!fits[0]) {
        held.addAndGet(-more);
        refused.incrementAndGet();
        return Grant.CLIENT_FULL;
      }
      bytes += more;
      return Grant.GIVEN;
    }

    @Override
    public void close() {
      long mine = bytes;
      bytes = 0;
      if (mine > 0) {
        held.addAndGet(-mine);
        clients.computeIfPresent(client, (name, had) -> had <= mine ? null : had - mine);
      }
    }
  }
}
