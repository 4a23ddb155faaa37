package dev.troth.cli.demo;

import dev.troth.cli.Troth;
import java.io.IOException;
import java.io.InputStream;

/**
 * The {@code troth} command on a line: it is asked to end (SIGTERM to itself) when its input
 * closes, which is what happens when the process that started it ends, however it ends.
 */
public final class Tethered {
  private Tethered() {}

  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("tether").start(Tethered::endWithInput);
    Troth.main(arguments);
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
