package dev.troth.bench.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** This machine: what it is, and how busy. */
final class Machine {
  private static final int SYNCS = 50;
  private static final int BLOCK = 4_096;

  private Machine() {}

  /** Processor, cores, kernel, JDK and what an fsync of 4 KiB takes in a folder. */
  static String described(Path folder) throws IOException {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, Linux %s, JDK %s, fsync %.2f ms",
        firstOf(Path.of("/proc/cpuinfo"), line -> line.startsWith("model name"))
            .replaceFirst(".*:\\s*", ""),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version"),
        Runtime.version(),
        sync(folder));
  }

  private static String firstOf(Path file, Predicate<String> wanted) throws IOException {
    return Files.readAllLines(file).stream().filter(wanted).findFirst().orElse("unknown");
  }

  /** The middle of some writes, in milliseconds. */
  private static double sync(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "sync", "");
    long[] times = new long[SYNCS];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < SYNCS; i++) {
        long began = System.nanoTime();
        channel.write(ByteBuffer.allocate(BLOCK), (long) i * BLOCK);
        channel.force(true);
        times[i] = System.nanoTime() - began;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(times);
    return times[SYNCS / 2] / 1e6;
  }

  /** The share of all processors that was in use for a while, in per cent. */
  static double busy(Duration length) throws IOException, InterruptedException {
    long[] before = ticks();
    Thread.sleep(length);
    long[] after = ticks();
    long all = after[0] - before[0];
    return all == 0 ? 0 : 100.0 * (after[1] - before[1]) / all;
  }

  /** Ticks of all processors so far, and those of them that were not idle. */
  private static long[] ticks() throws IOException {
    List<String> fields =
        List.of(firstOf(Path.of("/proc/stat"), line -> line.startsWith("cpu ")).split("\\s+"));
    long all = 0;
    for (int i = 1; i <= 8; i++) {
      all += Long.parseLong(fields.get(i));
    }
    long idle = Long.parseLong(fields.get(4)) + Long.parseLong(fields.get(5));
    return new long[] {all, all - idle};
  }
}
