package dev.troth.observe.propagation;

import dev.troth.observe.bpf.CountedLoop;
import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.Kind;
import java.util.NoSuchElementException;

/**
 * What the programs need of one kernel.
 *
 * @param loop how the kernel counts in a loop
 */
record StreamLayout(
    int written,
    int sent,
    int acknowledged,
    int bytesAcknowledged,
    int segment,
    int above,
    CountedLoop loop) {

  /** The offsets of the fields of {@code struct tcp_sock}, and the functions of this kernel. */
  static StreamLayout of(Btf btf) {
    return new StreamLayout(
        btf.offset("tcp_sock", "write_seq"),
        btf.offset("tcp_sock", "snd_nxt"),
        btf.offset("tcp_sock", "snd_una"),
        btf.offset("tcp_sock", "bytes_acked"),
        btf.offset("tcp_sock", "mss_cache"),
        btf.offset("inet_connection_sock", "icsk_ulp_ops"),
        new CountedLoop(
            function(btf, "bpf_iter_num_new"),
            function(btf, "bpf_iter_num_next"),
            function(btf, "bpf_iter_num_destroy")));
  }

  private static int function(Btf btf, String name) {
    return btf.find(Kind.FUNCTION, name)
        .orElseThrow(() ->
            new NoSuchElementException(
                "this kernel has no " + name + ", which came with Linux 6.4"));
  }
}
