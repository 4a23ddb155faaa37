package dev.troth.observe.agent;

import dev.troth.observe.capture.Capture;
import dev.troth.observe.discovery.Discovery;
import dev.troth.observe.discovery.FunctionPlaces;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.kernel.KernelException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets the kernel tell what targets read and write by OpenSSL. A target that has loaded its library
 * later than it began is looked at again when TLS is seen on a socket of it. Not thread-safe.
 */
final class TlsWatch {
  /** How long a target without a library is left alone. */
  private static final long AGAIN_NANOS = 250_000_000L;

  private enum State {
    ABSENT,
    ATTACHED,
    REFUSED
  }

  private record Known(State state, long time) {}

  private final Capture capture;
  private final Discovery discovery;
  private final Consumer<String> log;
  private final Map<Integer, Known> known = new HashMap<>();

  TlsWatch(Capture capture, Discovery discovery, Consumer<String> log) {
    this.capture = capture;
    this.discovery = discovery;
    this.log = log;
  }

  /** A process is watched from now on. */
  void begin(Target target, long now) {
    if (!known.containsKey(target.process())) {
      look(target, now);
    }
  }

  private void look(Target target, long now) {
    if (discovery.isAlive(target)) {
      known.put(target.process(), new Known(attach(target), now));
    }
  }

  /** TLS was seen on a socket of the target. */
  void seen(Target target, long now) {
    Known before = known.get(target.process());
    if (before == null || (before.state == State.ABSENT && now - before.time > AGAIN_NANOS)) {
      look(target, now);
    }
  }

  /** The process is watched no more. */
  void forget(int process) {
    known.remove(process);
  }

  /** The process runs another program now, with other libraries. */
  void executed(int process) {
    if (known.remove(process) != null) {
      capture.forgetTls(process);
    }
  }

  /** What TLS of a target is called of which nothing was read. */
  String unread(Target target) {
    Known now = known.get(target.process());
    if (now == null) {
      return "TLS of a process that has ended";
    }
    return switch (now.state) {
      case ABSENT -> discovery.otherTls(target);
      case REFUSED -> "TLS whose library the kernel does not let the agent see";
      case ATTACHED -> "TLS whose session was not seen";
    };
  }

  private State attach(Target target) {
    Optional<FunctionPlaces> library =
        discovery
            .tls(target, Capture.neededOfTls(), Capture.allOfTls())
            .or(() -> discovery.tlsOfGo(target, Capture.tlsOfGo(), Capture::returnsOf));
    if (library.isEmpty()) {
      return State.ABSENT;
    }
    try {
      capture.watchTls(target.process(), library.get().file(), library.get().offsets());
      return State.ATTACHED;
    } catch (KernelException refused) {
      log.accept("TLS of " + target.service() + " is not read: " + refused.getMessage());
      return State.REFUSED;
    }
  }
}
