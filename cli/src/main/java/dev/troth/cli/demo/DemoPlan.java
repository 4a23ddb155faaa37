package dev.troth.cli.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * What a demo is to be.
 *
 * @param data the folder that holds all state, of the platform and of the example
 * @param port of the console and the API; 0 takes a free one
 * @param ordersPort of the first of the four order services, the others and the mailbox follow; 0
 *     takes free ones
 * @param otlpPort where the platform takes spans over HTTP, gRPC one below; 0 takes a free one
 * @param rate requests a second
 * @param seed of the customers' orders
 * @param virtualThreads whether the services work on virtual threads
 * @param agent whether an agent may watch the services from outside
 */
public record DemoPlan(
    Path data,
    int port,
    int ordersPort,
    int otlpPort,
    int rate,
    int seed,
    boolean virtualThreads,
    boolean agent) {

  Path folder() {
    return data.resolve("demo");
  }

  public Path logs() {
    return folder().resolve("logs");
  }

  /** The port of the mailbox, after those of the services. */
  int mailboxPort() {
    return ordersPort == 0 ? 0 : ordersPort + 4;
  }

  /** The port of the n-th order service. */
  List<String> portOf(int service) {
    return List.of("--port", Integer.toString(ordersPort == 0 ? 0 : ordersPort + service));
  }
}
