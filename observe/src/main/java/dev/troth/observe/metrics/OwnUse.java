package dev.troth.observe.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What this process uses: processor time since its start and memory. */
public record OwnUse(long cpuNanos, long residentBytes) {
  private static final long PAGE = 4_096;

  public static OwnUse now() {
    long cpu = ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
    return new OwnUse(cpu, resident());
  }

  private static long resident() {
    try {
      String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
      return Long.parseLong(pages[1]) * PAGE;
    } catch (IOException unreadable) {
      return 0;
    }
  }
}
