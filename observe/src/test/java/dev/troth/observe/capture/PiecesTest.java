package dev.troth.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.http.HttpProtocol;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Heads that a program reads in pieces, also while the ring buffer is crowded. */
final class PiecesTest {
  private static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");
  private static final int RING = 1 << 16;
  private static final String FIRST = "GET /first HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String SECOND =
      "PUT /second HTTP/1.1\r\nCookie: "
          + "c".repeat(1_500)
          + "\r\nContent-Length: 1000\r\n\r\n"
          + "b".repeat(1_000);
  private static final int SECOND_HEAD = SECOND.length() - 1_000;

  @ParameterizedTest
  @EnumSource(Hook.class)
  void theRestOfAHeadIsNeitherCutNorShedAfterASingleByte(Hook hook) throws IOException {
    assertThat(heard(hook, List.of(FIRST.length(), 1, SECOND.length() - 1)))
        .startsWith(FIRST + SECOND.substring(0, SECOND_HEAD));
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void whatFollowsTheBeginningOfAHeadIsToldOf(Hook hook) throws IOException {
    String heard = heard(hook, List.of(FIRST.length(), 30, SECOND.length() - 30));
    assertThat(heard).startsWith(FIRST + SECOND);
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void aLaterPieceOfAHeadThatIsCutIsCountedAsShed(Hook hook) throws IOException {
    heard(hook, List.of(FIRST.length(), 30, 100, 256, SECOND.length() - 386));
    long whole = counters.shed();
    heard(hook, List.of(FIRST.length(), 30, 100, 257, SECOND.length() - 387));
    assertThat(counters.shed() - whole).isOne();
    assertThat(counters.cut()).as("no request is missing by that").isZero();
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void aSingleByteOnAnUnknownSocketComesWithTheNextBytes(Hook hook) throws IOException {
    assertThat(heard(hook, List.of(1, FIRST.length() - 1, SECOND.length()))).startsWith(FIRST);
  }

  private Capture.Counters counters = new Capture.Counters(0, 0, 0, 0, 0, 0, 0);

  /** What the events tell of the bytes that a server reads in pieces of these lengths. */
  private String heard(Hook hook, List<Integer> pieces) throws IOException {
    assumeTrue(Capabilities.missing().isEmpty(), "kernel tests are skipped: no privilege");
    assumeTrue(Files.isReadable(TYPES), "kernel tests are skipped: this kernel has no BTF");
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    Btf types = Btf.parse(Files.readAllBytes(TYPES));
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    try (Capture capture =
            Capture.load(
                bpf, types, hook, new Filter(new HttpProtocol(Set.of()).signatures(), RING));
        ServerSocket listener = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
        Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket server = listener.accept();
        Socket otherClient = new Socket(listener.getInetAddress(), listener.getLocalPort());
        Socket otherServer = listener.accept()) {
      capture.attach();
      capture.watch((int) ProcessHandle.current().pid());
      crowd(capture, otherServer, otherClient);
      OutputStream out = client.getOutputStream();
      out.write((FIRST + SECOND).getBytes(StandardCharsets.US_ASCII));
      InputStream in = server.getInputStream();
      for (int piece : pieces) {
        in.readNBytes(new byte[piece], 0, piece);
      }
      capture.detach();
      List<Integer> seen = new ArrayList<>();
      capture.drain(
          10_000,
          event -> {
            if (event.kind() == EventKind.RECEIVED && event.remotePort() == client.getLocalPort()) {
              seen.add(event.length());
              heard.write(event.bytes, 0, event.captured());
            }
          });
      counters = capture.counters();
      assertThat(counters.lost()).isZero();
      assertThat(seen).hasSizeLessThanOrEqualTo(pieces.size());
    }
    return heard.toString(StandardCharsets.US_ASCII);
  }

  /** Fills a quarter of the ring buffer with responses that nobody takes out. */
  private static void crowd(Capture capture, Socket server, Socket client) throws IOException {
    byte[] response = "HTTP/1.1 200 OK\r\n\r\n".repeat(20).getBytes(StandardCharsets.US_ASCII);
    while (capture.backlog() <= RING / 4) {
      server.getOutputStream().write(response);
      client.getInputStream().readNBytes(response.length);
    }
  }
}
