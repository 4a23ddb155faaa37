package dev.troth.cli.demo;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ties this process to the one that started it: it is asked to end (SIGTERM to itself) when its
 * input closes, which is what happens when the other process ends, however it ends.
 */
public final class Tether {
  /** The system property that asks for it. */
  public static final String PROPERTY = "troth.tethered";

  private Tether() {}

  /** Watches the input from now on. */
  public static void tie() {
    Thread.ofPlatform().daemon().name("tether").start(Tether::endWithInput);
  }

  private static void endWithInput() {
    try (InputStream in = System.in) {
      while (in.read() >= 0) {
        // nothing is expected, only its end
      }
    } catch (IOException e) {
      // as good as the end
    }
    try {
      long self = ProcessHandle.current().pid();
      new ProcessBuilder("/bin/sh", "-c", "kill -TERM " + self).start();
    } catch (IOException e) {
      Runtime.getRuntime().halt(3);
    }
  }
}
