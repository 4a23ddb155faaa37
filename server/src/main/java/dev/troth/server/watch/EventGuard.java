package dev.troth.server.watch;

import dev.troth.watch.event.CloudEvent;
import java.util.Optional;

/** Looks at each event before it is taken in, such as for the contract that it must keep. */
@FunctionalInterface
public interface EventGuard {
  /** Lets every event pass. */
  EventGuard NONE = event -> Optional.empty();

  /** Why the event is refused, as its sender is told; empty when it passes. */
  Optional<String> refusal(CloudEvent event);
}
