package dev.troth.cli.demo.story;

import dev.troth.cli.command.CommandException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Waits for what the story comes to next: it says for what, and names what did not come in time.
 */
public final class Waiting {
  private static final Duration LOOK = Duration.ofMillis(500);

  /** What comes sooner needs no word. */
  private static final Duration SOON = Duration.ofMillis(1_500);

  private final PrintWriter out;
  private final Duration limit;
  private final long end;

  /**
   * @param limit of the whole story, from now on
   */
  public Waiting(PrintWriter out, Duration limit) {
    this.out = out;
    this.limit = limit;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /**
   * Looks until it is there.
   *
   * @param what it waits for, as it is said
   * @throws CommandException naming it when the story's time is over
   */
  <T> T until(String what, Supplier<Optional<T>> look) {
    long began = System.nanoTime();
    boolean said = false;
    while (true) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > end) {
        throw CommandException.failed(
            "the story ends after %d s: %s did not come".formatted(limit.toSeconds(), what));
      }
      if (!said && System.nanoTime() - began > SOON.toNanos()) {
        said = true;
        out.println("     … waiting for " + what);
        out.flush();
      }
      pause(what);
    }
  }

  private static void pause(String what) {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted while waiting for " + what);
    }
  }
}
