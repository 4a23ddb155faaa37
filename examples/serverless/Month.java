import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the month of this example: every request is drawn, its steps succeed or fail, and what
 * CloudWatch would have kept of it is counted by the minute beside the truth.
 *
 * <pre>java examples/serverless/Month.java examples/serverless 12</pre>
 */
final class Month {
  private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");
  private static final int DAYS = 30;

  /** A request's way through the chain. */
  private enum Fate {
    GOOD,
    /** The caller's own mistake: a 4xx, which is no request of the chain's. */
    REFUSED,
    /** The table failed, so the function failed, so the gateway answered 5xx. */
    TABLE_FAILED,
    /** The function failed by itself. */
    FUNCTION_FAILED,
    /** The event was not published; the answer was 200 all the same. */
    UNPUBLISHED,
    /** A hidden retry made it good in the end: bad, when retries count. */
    RETRIED
  }

  /**
   * A stretch of time with another fate for a share of its requests.
   *
   * @param lost whether the metrics did not arrive, too
   */
  private record Incident(String name, String from, int minutes, double share, Fate fate, boolean lost) {
    Instant start() {
      return Instant.parse(from);
    }

    Instant end() {
      return start().plus(minutes, ChronoUnit.MINUTES);
    }

    boolean holds(Instant minute) {
      return !minute.isBefore(start()) && minute.isBefore(end());
    }
  }

  private static final List<Incident> INCIDENTS =
      List.of(
          new Incident("outage", "2026-09-04T14:00:00Z", 40, 0.6, Fate.TABLE_FAILED, false),
          new Incident("publish", "2026-09-09T09:00:00Z", 120, 0.3, Fate.UNPUBLISHED, false),
          new Incident("telemetry lost", "2026-09-15T03:00:00Z", 120, 0.5, Fate.FUNCTION_FAILED, true),
          new Incident("bad deploy", "2026-09-20T17:00:00Z", 60, 0.12, Fate.FUNCTION_FAILED, false),
          new Incident("hidden retries", "2026-09-25T07:00:00Z", 600, 0.05, Fate.RETRIED, false));

  private final SplittableRandom random;

  private Month(long seed) {
    random = new SplittableRandom(seed);
  }

  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("usage: java Month.java FOLDER SEED");
      System.exit(2);
    }
    new Month(Long.parseLong(args[1])).write(Path.of(args[0]));
  }

  private void write(Path folder) throws IOException {
    StringBuilder metrics =
        new StringBuilder(
            "time,"
                + "AWS/ApiGateway Count{ApiName=OrdersAPI} Sum,"
                + "AWS/ApiGateway Count{ApiName=OrdersAPI} SampleCount,"
                + "AWS/ApiGateway 4XXError{ApiName=OrdersAPI} Sum,"
                + "AWS/ApiGateway 5XXError{ApiName=OrdersAPI} Sum,"
                + "AWS/Lambda Errors{FunctionName=OrdersHandler} Sum,"
                + "AWS/Events FailedInvocations Sum,"
                + "Troth SwallowedFailures{Chain=orders} Sum,"
                + "Troth SwallowedFailures{Chain=orders} SampleCount\n");
    StringBuilder truth = new StringBuilder("# TIME,TOTAL,BAD\n");
    for (int minute = 0; minute < DAYS * 1440; minute++) {
      Instant at = START.plus(minute, ChronoUnit.MINUTES);
      minute(at, metrics, truth);
    }
    StringBuilder incidents = new StringBuilder("# FROM,TO,NAME\n");
    INCIDENTS.forEach(i -> incidents.append("%s,%s,%s\n".formatted(i.start(), i.end(), i.name())));
    zip(folder.resolve("metrics.csv.gz"), metrics);
    zip(folder.resolve("truth.csv.gz"), truth);
    Files.writeString(folder.resolve("incidents.csv"), incidents);
  }

  /** One minute: busy by day, three requests a minute at night. */
  private void minute(Instant at, StringBuilder metrics, StringBuilder truth) {
    double hour = at.getEpochSecond() % 86_400 / 3_600.0;
    double mean = 3 + 57 * Math.pow(Math.max(0, Math.sin((hour - 5) / 18 * Math.PI)), 1.5);
    int requests = poisson(mean);
    int[] fates = new int[Fate.values().length];
    boolean lost = false;
    for (Incident incident : INCIDENTS) {
      lost |= incident.lost() && incident.holds(at);
    }
    for (int i = 0; i < requests; i++) {
      fates[fate(at).ordinal()]++;
    }
    int refused = fates[Fate.REFUSED.ordinal()];
    int faults = fates[Fate.TABLE_FAILED.ordinal()] + fates[Fate.FUNCTION_FAILED.ordinal()];
    int swallowed = fates[Fate.UNPUBLISHED.ordinal()] + fates[Fate.RETRIED.ordinal()];
    truth.append("%s,%d,%d\n".formatted(at, requests - refused, faults + swallowed));
    boolean silent = lost || requests == 0;
    metrics
        .append(at)
        .append(
            silent
                ? ",,,,,,,,"
                : ",%d,%d,%d,%d,%d,,%d,%d"
                    .formatted(
                        requests, requests, refused, faults, faults, swallowed, requests - refused - faults))
        .append('\n');
  }

  /** Knuth's way; the means here are small enough for it. */
  private int poisson(double mean) {
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  private Fate fate(Instant at) {
    for (Incident incident : INCIDENTS) {
      if (incident.holds(at) && random.nextDouble() < incident.share()) {
        return incident.fate();
      }
    }
    double drawn = random.nextDouble();
    return drawn < 0.004
        ? Fate.REFUSED
        : drawn < 0.0045
            ? Fate.TABLE_FAILED
            : drawn < 0.0047 ? Fate.UNPUBLISHED : drawn < 0.005 ? Fate.RETRIED : Fate.GOOD;
  }

  private static void zip(Path file, CharSequence text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.toString().getBytes(UTF_8));
    }
  }
}
