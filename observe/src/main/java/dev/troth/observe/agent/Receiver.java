package dev.troth.observe.agent;

import dev.troth.observe.span.Ends;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the agent sends spans to, if that is on this host: what passes there is never told of,
 * because telling of it would make more of it.
 *
 * @param port empty when it is elsewhere or nowhere
 */
record Receiver(OptionalInt port) {
  static final Receiver NONE = new Receiver(OptionalInt.empty());

  static Receiver of(Optional<Integer> port) {
    return new Receiver(port.map(OptionalInt::of).orElse(OptionalInt.empty()));
  }

  /** Whether one of the ends is the receiver. */
  boolean isEndOf(Ends ends) {
    return port.isPresent()
        && (ends.localPort() == port.getAsInt()
            || (ends.remotePort() == port.getAsInt()
                && (ends.remote().isLoopback() || ends.remote().equals(ends.local()))));
  }
}
