package dev.troth.observe.kernel;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A file descriptor of this process that holds a program, a map or an attachment. */
public final class Descriptor implements AutoCloseable {
  private static final int MOST_AT_ONCE = 32;

  private final Bpf bpf;
  private int number;

  Descriptor(Bpf bpf, int number) {
    this.bpf = bpf;
    this.number = number;
  }

  int number() {
    return number;
  }

  /**
   * Closes them side by side. For each attachment the kernel waits until nobody runs its program
   * any more; waits at the same time take about as long as one.
   */
  public static void closeAll(List<Descriptor> all) {
    if (all.isEmpty()) {
      return;
    }
    try (ExecutorService closing =
        Executors.newFixedThreadPool(
            Math.min(MOST_AT_ONCE, all.size()), Thread.ofPlatform().daemon().factory())) {
      all.forEach(one -> closing.execute(one::close));
    }
  }

  @Override
  public void close() {
    if (number >= 0) {
      bpf.close(number);
      number = -1;
    }
  }
}
