package dev.troth.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.http2.Http2Protocol;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.redis.RedisProtocol;
import dev.troth.observe.stream.Signature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Messages in many pieces of memory and of many bytes, and those that are told of in part because
 * the ring buffer is crowded.
 */
final class PartsTest {
  private static final Path TYPES = Path.of("/sys/kernel/btf/vmlinux");
  private static final int PIECES = 1_000;
  private static final int PIECE = 120;

  /** As a client writes very many streams at once: each frame in a piece of its own. */
  private static final byte[] FRAMES = frames();

  private static byte[] frames() {
    byte[] bytes = new byte[PIECES * PIECE];
    new Random(1).nextBytes(bytes);
    byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(preface, 0, bytes, 0, preface.length);
    return bytes;
  }

  private static Btf types(boolean loops) throws IOException {
    assumeTrue(Capabilities.missing().isEmpty(), "kernel tests are skipped: no privilege");
    assumeTrue(Files.isReadable(TYPES), "kernel tests are skipped: this kernel has no BTF");
    byte[] types = Files.readAllBytes(TYPES);
    if (!loops) {
      String text = new String(types, StandardCharsets.ISO_8859_1);
      types =
          text.replace("\0bpf_iter_num_new\0", "\0bpf_iter_num_not\0")
              .getBytes(StandardCharsets.ISO_8859_1);
    }
    return Btf.parse(types);
  }

  /** Both ends of a connection in this process, which is watched. */
  private record Pair(SocketChannel client, SocketChannel server, int port)
      implements AutoCloseable {
    static Pair open() throws IOException {
      try (ServerSocketChannel listener = ServerSocketChannel.open()) {
        listener.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 18);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel client = SocketChannel.open();
        client.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 18);
        client.connect(listener.getLocalAddress());
        return new Pair(
            client, listener.accept(), ((InetSocketAddress) listener.getLocalAddress()).getPort());
      }
    }

    void write(byte[] bytes, int piece) throws IOException {
      List<ByteBuffer> pieces = new ArrayList<>();
      for (int at = 0; at < bytes.length; at += piece) {
        pieces.add(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)));
      }
      assertThat(client.write(pieces.toArray(ByteBuffer[]::new))).isEqualTo(bytes.length);
    }

    void read(int bytes) throws IOException {
      ByteBuffer into = ByteBuffer.allocateDirect(bytes);
      while (into.hasRemaining()) {
        assertThat(server.read(into)).isPositive();
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  /** What the events of one kind tell, one behind the other by their places. */
  private static final class Heard implements Consumer<Event> {
    private final EventKind kind;
    private final Pair pair;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Integer> lengths = new ArrayList<>();
    private int fresh;
    private int end;

    Heard(EventKind kind, Pair pair) {
      this.kind = kind;
      this.pair = pair;
    }

    @Override
    public void accept(Event event) {
      boolean sent = kind == EventKind.SENT;
      if (event.kind() != kind || (sent ? event.remotePort() : event.localPort()) != pair.port()) {
        return;
      }
      int place = sent ? event.sent() : event.received();
      if (!lengths.isEmpty()) {
        assertThat(place - event.length()).as("begins where the one before ends").isEqualTo(end);
      }
      end = place;
      lengths.add(event.length());
      fresh += event.fresh() ? 1 : 0;
      bytes.write(event.bytes, 0, event.captured());
    }
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void aCallOfAThousandPiecesIsToldOfWhole(Hook hook) throws IOException {
    Filter filter = new Filter(new Http2Protocol(Set.of()).signatures(), 1 << 22);
    try (Capture capture =
            Capture.load(new Bpf(Architecture.ofThisMachine()), types(true), hook, filter);
        Pair pair = Pair.open()) {
      capture.attach();
      capture.watch((int) ProcessHandle.current().pid());
      pair.write(FRAMES, PIECE);
      pair.read(FRAMES.length);
      pair.write(FRAMES, FRAMES.length);
      pair.read(FRAMES.length);
      capture.detach();
      Heard sent = new Heard(EventKind.SENT, pair);
      Heard received = new Heard(EventKind.RECEIVED, pair);
      capture.drain(10_000, sent.andThen(received));
      byte[] both = new byte[2 * FRAMES.length];
      System.arraycopy(FRAMES, 0, both, 0, FRAMES.length);
      System.arraycopy(FRAMES, 0, both, FRAMES.length, FRAMES.length);
      assertThat(sent.bytes.toByteArray()).isEqualTo(both);
      assertThat(received.bytes.toByteArray()).isEqualTo(both);
      int rest = FRAMES.length - 3 * Signature.MOST;
      assertThat(sent.lengths)
          .containsExactly(
              Signature.MOST,
              Signature.MOST,
              Signature.MOST,
              rest,
              Signature.MOST,
              Signature.MOST,
              Signature.MOST,
              rest);
      assertThat(sent.fresh).isOne();
      assertThat(received.fresh).isOne();
      assertThat(capture.counters().cut()).isZero();
      assertThat(capture.counters().lost()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void aKernelThatDoesNotCountInLoopsLooksAtSomePiecesAndSaysSo(Hook hook) throws IOException {
    Filter filter = new Filter(new Http2Protocol(Set.of()).signatures(), 1 << 22);
    try (Capture capture =
            Capture.load(new Bpf(Architecture.ofThisMachine()), types(false), hook, filter);
        Pair pair = Pair.open()) {
      capture.attach();
      capture.watch((int) ProcessHandle.current().pid());
      pair.write(FRAMES, PIECE);
      capture.detach();
      Heard sent = new Heard(EventKind.SENT, pair);
      capture.drain(10_000, sent);
      assertThat(sent.lengths).containsExactly(FRAMES.length);
      assertThat(sent.bytes.toByteArray())
          .hasSize(64 * PIECE)
          .isEqualTo(java.util.Arrays.copyOf(FRAMES, 64 * PIECE));
      assertThat(capture.counters().cut()).isOne();
    }
  }

  @ParameterizedTest
  @EnumSource(Hook.class)
  void aMessageThatIsCutInACrowdedRingIsCountedForItsProcess(Hook hook) throws IOException {
    int process = (int) ProcessHandle.current().pid();
    int ring = 1 << 16;
    byte[] set = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$900\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] small = java.util.Arrays.copyOf(set, 1_023);
    byte[] large = java.util.Arrays.copyOf(set, 1_024);
    Filter filter = new Filter(new RedisProtocol().signatures(), ring);
    try (Capture capture =
            Capture.load(new Bpf(Architecture.ofThisMachine()), types(true), hook, filter);
        Pair pair = Pair.open()) {
      capture.attach();
      capture.watch(process);
      pair.write(large, large.length);
      pair.read(large.length);
      pair.write(large, large.length);
      pair.read(large.length);
      assertThat(capture.counters().cut()).as("there is room").isZero();
      while (capture.backlog() < ring / 4 * 3) {
        pair.write(small, small.length);
        pair.read(small.length);
      }
      assertThat(capture.counters().cut()).as("short ones are never cut").isZero();
      pair.write(large, large.length);
      pair.read(large.length);
      assertThat(capture.counters().cut()).as("sent and received").isEqualTo(2);
      assertThat(capture.missed(process).orElseThrow().cut()).isEqualTo(2);
      while (capture.counters().lost() == 0) {
        pair.write(large, large.length);
        pair.read(large.length);
      }
      Capture.Counters full = capture.counters();
      pair.write(large, large.length);
      pair.read(large.length);
      assertThat(capture.counters().cut() - full.cut() + capture.counters().lost() - full.lost())
          .as("what is lost is not counted as cut, too")
          .isEqualTo(2);
      capture.detach();
    }
  }
}
