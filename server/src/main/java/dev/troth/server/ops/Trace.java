package dev.troth.server.ops;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trace id (W3C Trace Context) of the work that the current thread does. */
public final class Trace {
  private static final ScopedValue<String> ID = ScopedValue.newInstance();
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
  private static final String NONE = "0".repeat(32);

  private Trace() {}

  /** The id of the current thread's work, 32 hexadecimal digits; empty outside any. */
  public static Optional<String> current() {
    return ID.isBound() ? Optional.of(ID.get()) : Optional.empty();
  }

  /** Does work under the id of a {@code traceparent} header, or a new one if it has none. */
  public static void run(@Nullable String traceparent, Runnable work) {
    ScopedValue.where(ID, idOf(traceparent)).run(work);
  }

  private static String idOf(@Nullable String traceparent) {
    if (traceparent != null && traceparent.length() <= 256) {
      Matcher matcher = TRACEPARENT.matcher(traceparent);
      if (matcher.matches() && !matcher.group(1).equals(NONE)) {
        return matcher.group(1);
      }
    }
    // An id for log lines, not a secret.
    byte[] random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
