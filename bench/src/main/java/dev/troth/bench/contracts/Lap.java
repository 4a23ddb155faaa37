package dev.troth.bench.contracts;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Measures one contender on every schema: CONTENDER SCHEMAS SECONDS. A line each: name, CPU
 * nanoseconds of the process per document (collector and compiler included), valid documents, bytes
 * allocated per document.
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
        Cost cost = measure(test, documents, seconds);
        System.out.printf(
            "%s\t%d\t%d/%d\t%d%n",
            corpus.name(), cost.nanos(), valid, documents.size(), cost.bytes());
      } catch (RuntimeException e) {
        System.out.printf("%s\terror\t%s%n", corpus.name(), e.getClass().getSimpleName());
      }
    }
  }

  private record Cost(long nanos, long bytes) {}

  private static Cost measure(Predicate<byte[]> test, List<byte[]> documents, double seconds) {
    com.sun.management.OperatingSystemMXBean process =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long sink = run(test, documents, (long) (seconds * WARM * 1e9)).valid();
    // One long window: the clock of the process moves in steps of 10 ms.
    long start = process.getProcessCpuTime();
    long allocated = allocated();
    Rounds rounds = run(test, documents, (long) (seconds * (1 - WARM) * 1e9));
    allocated = allocated() - allocated;
    long nanos = (process.getProcessCpuTime() - start) / rounds.count();
    sink += rounds.valid();
    if (sink < 0) {
      throw new IllegalStateException("more verdicts than documents");
    }
    return new Cost(nanos, allocated / rounds.count());
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
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
