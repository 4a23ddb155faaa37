package dev.troth.server.limit;

import dev.troth.server.limit.ByteBudget.Grant;
import dev.troth.server.limit.ByteBudget.Lease;

/**
 * What long answers hold of the bytes that bodies share: who asks for much and does not read it
 * keeps it in memory until the connection ends.
 */
public final class Answers {
  /** Answers of so many bytes are in no budget: requests are counted. */
  private static final int SHORT = 1 << 16;

  /** An answer stands in memory as it is and as the connection's bytes. */
  private static final int COPIES = 2;

  private static final ScopedValue<Lease> OF_REQUEST = ScopedValue.newInstance();

  private Answers() {}

  /** Runs a request with what it may hold, which the caller gives back. */
  public static void within(Lease lease, Runnable request) {
    ScopedValue.where(OF_REQUEST, lease).run(request);
  }

  /** Asks for the bytes of an answer of the request that runs here. */
  public static Grant hold(int bytes) {
    return bytes <= SHORT || !OF_REQUEST.isBound()
        ? Grant.GIVEN
        : OF_REQUEST.get().growToShare((long) COPIES * bytes);
  }
}
