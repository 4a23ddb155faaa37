package dev.troth.bench.contracts;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Measures one contender on every schema: CONTENDER SCHEMAS SECONDS. A line each: name, CPU
 * nanoseconds of the process per document (collector and compiler included), valid documents.
 */
public final class Lap {
  /** The share of the time that goes into warming up. */
  private static final double WARM = 0.6;

  private Lap() {}

  public static void main(String[] args) throws IOException {
    Contender contender = Contender.valueOf(args[0].toUpperCase(Locale.ROOT));
    double seconds = Double.parseDouble(args[2]);
    for (CorpusSchema corpus : CorpusSchema.all(Path.of(args[1]))) {
      List<byte[]> documents = corpus.documents();
      if (documents.isEmpty()) {
        continue;
      }
      try {
        Predicate<byte[]> test = contender.compile(corpus);
        long valid = documents.stream().filter(test).count();
        System.out.printf(
            "%s\t%d\t%d/%d%n",
            corpus.name(), measure(test, documents, seconds), valid, documents.size());
      } catch (RuntimeException e) {
        System.out.printf("%s\terror\t%s%n", corpus.name(), e.getClass().getSimpleName());
      }
    }
  }

  private static long measure(Predicate<byte[]> test, List<byte[]> documents, double seconds) {
    com.sun.management.OperatingSystemMXBean process =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long sink = run(test, documents, (long) (seconds * WARM * 1e9)).valid();
    // One long window: the clock of the process moves in steps of 10 ms.
    long start = process.getProcessCpuTime();
    Rounds rounds = run(test, documents, (long) (seconds * (1 - WARM) * 1e9));
    long best = (process.getProcessCpuTime() - start) / rounds.count();
    sink += rounds.valid();
    if (sink < 0) {
      throw new IllegalStateException("more verdicts than documents");
    }
    return best;
  }

  private record Rounds(long count, long valid) {}

  private static Rounds run(Predicate<byte[]> test, List<byte[]> documents, long nanos) {
    long until = System.nanoTime() + nanos;
    long count = 0;
    long valid = 0;
    do {
      for (byte[] document : documents) {
        valid += test.test(document) ? 1 : 0;
      }
      count += documents.size();
    } while (System.nanoTime() < until);
    return new Rounds(count, valid);
  }
}
