package dev.troth.server.ops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether the platform can serve: ready after the last part has started, until it begins to stop,
 * and while everything that it stands on answers.
 */
public final class Health {
  private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

  private final List<Supplier<Optional<String>>> foundations = new ArrayList<>();
  private volatile State state = State.STARTING;
  private final List<Supplier<List<String>>> warnings = new ArrayList<>();
  private Optional<String> last = Optional.empty();
  private List<String> lastWarnings = List.of();
  private long askedAt;
  private boolean asked;

  private enum State {
    STARTING,
    READY,
    STOPPING
  }

  /** Adds something that the platform stands on: it says what is in the way, or nothing. */
  public void standsOn(Supplier<Optional<String>> foundation) {
    foundations.add(foundation);
  }

  /** Adds something that may be other than it should although the platform serves. */
  public void warns(Supplier<List<String>> warning) {
    warnings.add(warning);
  }

  /** What is other than it should be while the platform serves, as of the last look. */
  public synchronized List<String> warnings() {
    return lastWarnings;
  }

  public void ready() {
    state = State.READY;
  }

  public void stopping() {
    state = State.STOPPING;
  }

  /** Why it cannot serve now; empty when it can. Foundations are asked at most once a second. */
  public Optional<String> obstacle() {
    return switch (state) {
      case STARTING -> Optional.of("the platform is starting");
      case READY -> foundations();
      case STOPPING -> Optional.of("the platform is stopping");
    };
  }

  private synchronized Optional<String> foundations() {
    long now = System.nanoTime();
    if (!asked || now - askedAt > KEPT_NANOS) {
      last = foundations.stream().map(Supplier::get).flatMap(Optional::stream).findFirst();
      lastWarnings =
          last.isPresent()
              ? List.of()
              : warnings.stream().map(Supplier::get).flatMap(List::stream).toList();
      askedAt = System.nanoTime();
      asked = true;
    }
    return last;
  }
}
