package dev.troth.server.ops;

import java.util.Optional;

/**
 * Whether the platform can serve: ready after the last part has started, until it begins to stop.
 */
public final class Health {
  private volatile State state = State.STARTING;

  private enum State {
    STARTING,
    READY,
    STOPPING
  }

  public void ready() {
    state = State.READY;
  }

  public void stopping() {
    state = State.STOPPING;
  }

  /** Why it cannot serve now; empty when it can. */
  public Optional<String> obstacle() {
    return switch (state) {
      case STARTING -> Optional.of("the platform is starting");
      case READY -> Optional.empty();
      case STOPPING -> Optional.of("the platform is stopping");
    };
  }
}
