package dev.troth.cli.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a demo is to be.
 *
 * @param data the folder that holds all state, of the platform and of the example
 * @param ports where it listens
 * @param replicas how many platforms share the work; more than one need PostgreSQL
 * @param postgres the folder of PostgreSQL's programs; empty to look where Debian has them
 * @param rate requests a second
 * @param seed of the customers' orders
 * @param virtualThreads whether the services work on virtual threads
 * @param agent whether an agent may watch the services from outside
 */
record DemoPlan(
    Path data,
    DemoPorts ports,
    int replicas,
    Optional<Path> postgres,
    int rate,
    int seed,
    boolean virtualThreads,
    boolean agent) {

  Path folder() {
    return data.resolve("demo");
  }

  /** The data folder of one of the platforms: replicas keep no state in theirs but keys. */
  Path platformFolder(int number) {
    return replicas == 1 ? data : folder().resolve("replica-" + (number + 1));
  }

  Path logs() {
    return folder().resolve("logs");
  }

  /** The port of the mailbox, after those of the services. */
  int mailboxPort() {
    return ports.orders() == 0 ? 0 : ports.orders() + 4;
  }

  /** The port of the n-th order service. */
  List<String> portOf(int service) {
    return List.of("--port", Integer.toString(ports.orders() == 0 ? 0 : ports.orders() + service));
  }
}
