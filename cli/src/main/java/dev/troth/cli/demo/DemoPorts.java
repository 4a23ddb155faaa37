package dev.troth.cli.demo;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a demo listens on loopback: the usual ports, or free ones beside them where others listen.
 *
 * @param console of the console and the API, one more for each further replica; 0 takes free ones
 * @param orders of the first order service, the others and the mailbox follow; 0 takes free ones
 * @param otlp where the platform takes spans over HTTP, gRPC one below; 0 takes a free one
 * @param moved what is not at its usual port, and why, each in one line
 */
record DemoPorts(int console, int orders, int otlp, List<String> moved) {
  static final int USUAL_CONSOLE = 4000;
  static final int USUAL_ORDERS = 4100;
  static final int USUAL_OTLP = 4318;

  /** The four services and the mailbox. */
  private static final int ORDERS_COUNT = 5;

  /** From one place that is tried to the next. */
  private static final int STEP = 10;

  private static final int TRIES = 9;

  DemoPorts {
    moved = List.copyOf(moved);
  }

  /** What the user named; null for what the demo may choose. */
  record Wanted(@Nullable Integer console, @Nullable Integer orders, @Nullable Integer otlp) {}

  /** Ports in a row, and what they are for. */
  private record Block(String option, String what, int usual, int before, int count) {
    /** The first port of the block that is taken when it begins here. */
    OptionalInt taken(int first) {
      return IntStream.range(first - before, first - before + count)
          .filter(port -> !isFree(port))
          .findFirst();
    }

    String at(int first) {
      int least = first - before;
      return count == 1 ? Integer.toString(first) : "%d to %d".formatted(least, least + count - 1);
    }
  }

  /**
   * The ports that were named, else the usual ones, else free ones.
   *
   * @throws CommandException if a port that was named is taken
   */
  static DemoPorts choose(Wanted wanted, int replicas) {
    List<String> moved = new ArrayList<>();
    String console = replicas == 1 ? "the console is at" : "the consoles are at";
    return new DemoPorts(
        choose(new Block("--port", console, USUAL_CONSOLE, 0, replicas), wanted.console(), moved),
        choose(
            new Block(
                "--orders-port",
                "the order services and the mailbox are at",
                USUAL_ORDERS,
                0,
                ORDERS_COUNT),
            wanted.orders(),
            moved),
        choose(
            new Block("--otlp-port", "spans are taken at", USUAL_OTLP, 1, 2), wanted.otlp(), moved),
        moved);
  }

  private static int choose(Block block, @Nullable Integer named, List<String> moved) {
    if (named != null) {
      OptionalInt taken = named == 0 ? OptionalInt.empty() : block.taken(named);
      if (taken.isPresent()) {
        throw CommandException.failed(
            "%s is %d, but port %d is taken: name another, or leave the option out and the demo takes free ones"
                .formatted(block.option(), named, taken.getAsInt()));
      }
      return named;
    }
    OptionalInt taken = block.taken(block.usual());
    if (taken.isEmpty()) {
      return block.usual();
    }
    int free = elsewhere(block);
    moved.add(
        "port %d is taken, so %s %s".formatted(taken.getAsInt(), block.what(), block.at(free)));
    return free;
  }

  private static int elsewhere(Block block) {
    IntStream near = IntStream.rangeClosed(1, TRIES).map(n -> block.usual() + n * STEP);
    IntStream any = IntStream.range(0, TRIES).map(n -> anyFree() + block.before());
    return IntStream.concat(near, any)
        .filter(first -> block.taken(first).isEmpty())
        .findFirst()
        .orElseThrow(() ->
            CommandException.failed(
                "%d ports in a row are needed from %d on, and none are free: name some with %s"
                    .formatted(block.count(), block.usual(), block.option())));
  }

  /** Whether nobody listens there now. */
  private static boolean isFree(int port) {
    if (port < 1 || port > 65_535) {
      return false;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /** A port that is free now: who sends there must know it before the receiver has taken it. */
  static int anyFree() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw CommandException.failed("no port is free: " + none.getMessage());
    }
  }
}
