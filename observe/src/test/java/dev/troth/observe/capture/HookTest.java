package dev.troth.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.stream.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Which way of being called is taken, on this kernel with some of its tracepoints hidden. */
final class HookTest {
  private static final Filter FILTER =
      new Filter(List.of(Signature.text("GET ", Signature.HEAD, 0)), 1 << 16);

  private final Bpf bpf = new Bpf(Architecture.ofThisMachine());

  @Test
  void theCheapestThatIsThereIsTaken() throws IOException {
    assertThat(taken()).isEqualTo(Hook.SOCKET);
    assertThat(taken("btf_trace_sock_recv_length")).isEqualTo(Hook.SYS_EXIT);
    assertThat(taken("btf_trace_sock_send_length", "btf_trace_sys_exit")).isEqualTo(Hook.RAW);
    assertThat(Hook.choose(bpf, types("btf_trace_sock_send_length"))).contains(Hook.SYS_EXIT);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    Btf types = types("btf_trace_sock_recv_length");
    assertThat(Hook.SOCKET.refusal(bpf, types))
        .contains("tp_btf/sock_recv_length is not in this kernel");
    assertThat(Hook.RAW.refusal(bpf, types)).isEmpty();
    assertThatThrownBy(() -> Capture.load(bpf, types, Hook.SOCKET, FILTER).close())
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("sock_recv_length");
  }

  @Test
  void isNamedInAConfiguration() {
    assertThat(Hook.of("sys_exit")).isEqualTo(Hook.SYS_EXIT);
    assertThatThrownBy(() -> Hook.of("kprobe"))
        .hasMessage("is 'kprobe', expected socket, sys_exit or raw");
  }

  private Hook taken(String... hidden) throws IOException {
    try (Capture capture = Capture.load(bpf, types(hidden), FILTER)) {
      return capture.hook();
    }
  }

  /** This kernel's types, with some names made unknown. */
  private static Btf types(String... hidden) throws IOException {
    Path types = Path.of("/sys/kernel/btf/vmlinux");
    assumeTrue(Capabilities.missing().isEmpty(), "kernel tests are skipped: no privilege");
    assumeTrue(Files.isReadable(types), "kernel tests are skipped: this kernel has no BTF");
    String text = Files.readString(types, StandardCharsets.ISO_8859_1);
    for (String name : hidden) {
      assertThat(text).contains("\0" + name + "\0");
      text = text.replace("\0" + name + "\0", "\0x" + name.substring(1) + "\0");
    }
    return Btf.parse(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
