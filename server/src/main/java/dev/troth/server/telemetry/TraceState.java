package dev.troth.server.telemetry;

/**
 * The sampling probability in a span's {@code tracestate} (OpenTelemetry, "TraceState: Probability
 * Sampling"): the member {@code ot} with {@code th:}, the rejection threshold in up to 14 hex
 * digits, trailing zeros left off.
 */
final class TraceState {
  private static final int DIGITS = 14;
  private static final double ALL = Math.pow(2, 4 * DIGITS);

  private TraceState() {}

  /** How many spans this one stands for; 1 if it is not sampled, or does not say. */
  static double weight(String traceState) {
    for (String member : traceState.split(",", -1)) {
      String[] vendor = member.strip().split("=", 2);
      if (vendor.length == 2 && vendor[0].equals("ot")) {
        for (String entry : vendor[1].split(";", -1)) {
          if (entry.startsWith("th:")) {
            return ofThreshold(entry.substring(3));
          }
        }
      }
    }
    return 1;
  }

  private static double ofThreshold(String digits) {
    if (digits.isEmpty() || digits.length() > DIGITS) {
      return 1;
    }
    try {
      long threshold = Long.parseUnsignedLong(digits + "0".repeat(DIGITS - digits.length()), 16);
      return ALL / (ALL - threshold);
    } catch (NumberFormatException notHex) {
      return 1;
    }
  }
}
