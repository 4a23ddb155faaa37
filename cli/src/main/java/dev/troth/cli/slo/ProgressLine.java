package dev.troth.cli.slo;

import java.io.Console;

/** How far long work is, on a terminal alone; the line is gone when the work is done. */
final class ProgressLine implements AutoCloseable {
  private final String what;
  private final boolean shown;

  ProgressLine(String what, boolean quiet) {
    Console console = System.console();
    this.what = what;
    this.shown = !quiet && console != null && console.isTerminal();
  }

  void percent(int percent) {
    if (shown) {
      int done = percent / 5;
      System.err.printf(
          "\r%s [%s%s] %3d %%", what, "#".repeat(done), " ".repeat(20 - done), percent);
      System.err.flush();
    }
  }

  @Override
  public void close() {
    if (shown) {
      System.err.print("\r\u001b[K");
      System.err.flush();
    }
  }
}
