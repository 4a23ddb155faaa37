package dev.troth.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.http.HttpProtocol;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Positions of what is read together with the end of the connection: no byte seems to be missing.
 */
final class EndTest {
  private static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");
  private static final String REQUEST =
      "PUT /last HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789";

  /** States of TCP as {@code /proc/net/tcp} writes them. */
  private static final String CLOSE_WAIT = "08";

  private static final String TIME_WAIT = "06";

  /** How the other side ends the connection. */
  private interface End {
    void of(Socket client, Socket server) throws IOException;
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void theOtherSideEndsIt(Hook hook) throws IOException {
    isWhole(
        hook,
        (client, server) -> {
          client.shutdownOutput();
          await(server.getLocalPort(), client.getLocalPort(), CLOSE_WAIT);
        });
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void thisSideEndedItBefore(Hook hook) throws IOException {
    isWhole(
        hook,
        (client, server) -> {
          server.shutdownOutput();
          await(client.getLocalPort(), server.getLocalPort(), CLOSE_WAIT);
          client.shutdownOutput();
          await(server.getLocalPort(), client.getLocalPort(), TIME_WAIT);
        });
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void theOtherSideResetsIt(Hook hook) throws IOException {
    isWhole(
        hook,
        (client, server) -> {
          client.setSoLinger(true, 0);
          client.close();
        });
  }

  private static void isWhole(Hook hook, End end) throws IOException {
    assumeTrue(Capabilities.missing().isEmpty(), "kernel tests are skipped: no privilege");
    assumeTrue(Files.isReadable(TYPES), "kernel tests are skipped: this kernel has no BTF");
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    Btf types = Btf.parse(Files.readAllBytes(TYPES));
    Filter filter = new Filter(new HttpProtocol(Set.of()).signatures(), 1 << 16);
    List<Integer> gaps = new ArrayList<>();
    try (Capture capture = Capture.load(bpf, types, hook, filter);
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket server = listener.accept()) {
      capture.attach();
      capture.watch((int) ProcessHandle.current().pid());
      client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
      byte[] first = server.getInputStream().readNBytes(REQUEST.length() - 5);
      end.of(client, server);
      // More than is there is asked for, so that the read meets the end.
      byte[] room = new byte[100];
      int last = server.getInputStream().read(room);
      assertThat(first.length + last).isEqualTo(REQUEST.length());
      capture.detach();
      int[] expected = {0, 0};
      capture.drain(
          100,
          event -> {
            if (event.kind() == EventKind.RECEIVED) {
              if (expected[0]++ > 0) {
                gaps.add(event.received() - event.length() - expected[1]);
              }
              expected[1] = event.received();
            }
          });
      assertThat(expected[0]).as("reads").isEqualTo(2);
    }
    assertThat(gaps).containsExactly(0);
  }

  private static void await(int local, int remote, String state) {
    Awaitility.await().until(() -> state(local, remote).equals(state));
  }

  /** The state of a connection of this machine; empty while there is none. */
  private static String state(int local, int remote) throws IOException {
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] words = line.strip().split(" +");
        if (words[1].endsWith(hex(local)) && words[2].endsWith(hex(remote))) {
          return words[3];
        }
      }
    }
    return "";
  }

  private static String hex(int port) {
    return String.format(Locale.ROOT, ":%04X", port);
  }
}
