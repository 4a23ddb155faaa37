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
  private Optional<String> last = Optional.empty();
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
      askedAt = System.nanoTime();
      asked = true;
    }
    return last;
  }
}
