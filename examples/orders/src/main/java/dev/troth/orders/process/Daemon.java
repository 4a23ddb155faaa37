package dev.troth.orders.process;

import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The life of one process: reads the command line, starts, says {@code ready PORT} on its output,
 * and stops in reverse on SIGTERM, Ctrl-C, or (with {@code --tethered}) when its input closes,
 * which is what happens when the process that started it dies.
 *
 * <p>Exit codes: 0 stopped, 2 a mistake on the command line, 3 it could not start.
 */
public final class Daemon {
  private static final Flags.Known COMMON =
      new Flags.Known(
          List.of("--port", "--otel"), List.of("--tethered", "--virtual-threads", "--faults"));

  private Daemon() {}

  /** How a process starts. */
  @FunctionalInterface
  public interface Start {
    Running start(Flags flags, OpenTelemetry telemetry) throws Exception;
  }

  /** Runs until told to stop; the flags are the process's own beside the common ones. */
  public static void run(String name, String[] arguments, Flags.Known own, Start start) {
    Log.to(name);
    Telemetry telemetry;
    Running running;
    try {
      Flags flags = new Flags(List.of(arguments), own.and(COMMON));
      telemetry = Telemetry.open("orders-" + name, flags.uri("--otel"));
      running = start.start(flags, telemetry.api());
      if (flags.on("--tethered")) {
        Thread.ofPlatform().daemon().name("tether").start(Daemon::endWithInput);
      }
    } catch (Flags.Mistake mistake) {
      System.err.println(name + ": " + mistake.getMessage());
      System.exit(2);
      return;
    } catch (Exception e) {
      System.err.println(name + ": " + e.getMessage());
      System.exit(3);
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  running.close();
                  telemetry.close();
                  stopped.countDown();
                }));
    System.out.println("ready " + running.port());
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void endWithInput() {
    try (InputStream in = System.in) {
      while (in.read() >= 0) {
        // nothing is expected, only its end
      }
    } catch (IOException e) {
      // as good as the end
    }
    System.exit(0);
  }
}
