package dev.troth.observe.metrics;

import java.util.List;

/**
 * What is seen of one service and what is not, since the agent started.
 *
 * @param seen requests by protocol and the server's port
 * @param unix messages over unix sockets, which are not read
 * @param hidden messages that did not pass by calls that read or write, as those of io_uring, or
 *     whose memory could not be read
 */
public record Sight(String service, List<Seen> seen, long unix, long hidden) {
  public Sight {
    seen = List.copyOf(seen);
  }

  /** Requests of one protocol at one port. */
  public record Seen(String protocol, int port, long requests) {}
}
