package dev.troth.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.demo.DemoPorts.Wanted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the demo listens when others listen on its usual ports, with real sockets. */
final class DemoPortsTest {
  private static final Wanted NOTHING = new Wanted(null, null, null);

  private final List<ServerSocket> others = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (ServerSocket other : others) {
      other.close();
    }
  }

  /** Listens there, unless somebody on this machine does already: taken it is either way. */
  private void take(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    others.add(socket);
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException taken) {
      assertThat(taken).hasMessageContaining("Address already in use");
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  @Test
  void whatIsTakenMovesToFreePortsAndSaysWhy() throws IOException {
    take(4000);
    take(4103);
    take(4317);

    DemoPorts ports = DemoPorts.choose(NOTHING, 1);

    assertThat(ports.console()).isNotEqualTo(4000);
    assertThat(ports.orders()).isNotEqualTo(4100);
    assertThat(ports.otlp()).isNotEqualTo(4318);
    assertThat(IntStream.range(ports.orders(), ports.orders() + 5)).allMatch(DemoPortsTest::isFree);
    assertThat(List.of(ports.console(), ports.otlp(), ports.otlp() - 1))
        .allMatch(DemoPortsTest::isFree);
    assertThat(ports.moved())
        .hasSize(3)
        .anySatisfy(reason ->
            assertThat(reason)
                .isEqualTo("port 4000 is taken, so the console is at " + ports.console()))
        .anySatisfy(reason ->
            assertThat(reason)
                .matches("port 410\\d is taken, so the order services and the mailbox are at .*")
                .endsWith("%d to %d".formatted(ports.orders(), ports.orders() + 4)))
        .anySatisfy(reason -> assertThat(reason).contains("so spans are taken at "));
  }

  @Test
  void aPortThatWasNamedAndIsTakenIsAnErrorThatNamesBoth() throws IOException {
    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    others.add(other);
    int taken = other.getLocalPort();

    assertThatThrownBy(() -> DemoPorts.choose(new Wanted(taken, null, null), 1))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.FAILED))
        .hasMessageContaining("--port is %d, but port %d is taken".formatted(taken, taken));
    int first = taken - 3;
    assertThatThrownBy(() -> DemoPorts.choose(new Wanted(0, first, 0), 1))
        .hasMessageContaining("--orders-port is %d, but port ".formatted(first))
        .hasMessageContaining("is taken");
  }

  @Test
  void zeroTakesAnyPortAndMovesNothing() throws IOException {
    take(4000);
    assertThat(DemoPorts.choose(new Wanted(0, 0, 0), 1))
        .isEqualTo(new DemoPorts(0, 0, 0, List.of()));
  }

  @Test
  void severalConsolesNeedPortsInARow() throws IOException {
    take(4001);
    DemoPorts ports = DemoPorts.choose(new Wanted(null, 0, 0), 2);
    assertThat(ports.console()).isNotIn(4000, 4001);
    assertThat(ports.moved().getFirst())
        .matches(
            "port 400[01] is taken, so the consoles are at %d to %d"
                .formatted(ports.console(), ports.console() + 1));
  }
}
