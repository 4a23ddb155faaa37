package dev.troth.observe.capture;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.BtfWriter;
import dev.troth.observe.btf.BtfWriter.Field;
import java.util.List;

/**
 * Small BTF with the offsets of real kernels: 6.18 on x86-64 as recorded from {@code
 * /sys/kernel/btf/vmlinux}, and the register layout of arm64 from {@code asm/ptrace.h}.
 */
final class RecordedKernels {
  private RecordedKernels() {}

  static Btf x86() {
    BtfWriter types = new BtfWriter();
    int word = types.integer("unsigned long", 8);
    types.structure(
        "pt_regs",
        168,
        List.of(
            new Field("r14", word, 8),
            new Field("bx", word, 40),
            new Field("r10", word, 56),
            new Field("r8", word, 72),
            new Field("ax", word, 80),
            new Field("cx", word, 88),
            new Field("dx", word, 96),
            new Field("si", word, 104),
            new Field("di", word, 112),
            new Field("orig_ax", word, 120),
            new Field("cs", word, 136)));
    return common(types);
  }

  static Btf arm64() {
    BtfWriter types = new BtfWriter();
    int word = types.integer("unsigned long", 8);
    int integer = types.integer("int", 4);
    int registers = types.array(word, integer, 31);
    int user = types.structure("user_pt_regs", 272, List.of(new Field("regs", registers, 0)));
    int inner = types.structure("", 272, List.of(new Field("regs", registers, 0)));
    int union =
        types.union("", 272, List.of(new Field("user_regs", user, 0), new Field("", inner, 0)));
    types.structure(
        "pt_regs", 336, List.of(new Field("", union, 0), new Field("syscallno", integer, 280)));
    return common(types);
  }

  private static Btf common(BtfWriter types) {
    int one = types.integer("unsigned char", 1);
    int half = types.integer("unsigned short", 2);
    int integer = types.integer("unsigned int", 4);
    int word = types.integer("unsigned long long", 8);
    int pair =
        types.structure(
            "",
            8,
            List.of(new Field("skc_daddr", integer, 0), new Field("skc_rcv_saddr", integer, 4)));
    int pairUnion =
        types.union("", 8, List.of(new Field("skc_addrpair", word, 0), new Field("", pair, 0)));
    int ports =
        types.structure(
            "", 4, List.of(new Field("skc_dport", half, 0), new Field("skc_num", half, 2)));
    int portUnion = types.union("", 4, List.of(new Field("", ports, 0)));
    int possible = types.structure("", 8, List.of(new Field("net", word, 0)));
    int net = types.typedef("possible_net_t", possible);
    int common =
        types.structure(
            "sock_common",
            136,
            List.of(
                new Field("", pairUnion, 0),
                new Field("", portUnion, 12),
                new Field("skc_family", half, 16),
                new Field("skc_state", one, 18),
                new Field("skc_net", net, 48),
                new Field("skc_v6_daddr", word, 56),
                new Field("skc_v6_rcv_saddr", word, 72)));
    types.structure(
        "sock",
        760,
        List.of(
            new Field("__sk_common", common, 0),
            new Field("sk_err", integer, 284),
            new Field("sk_socket", word, 624),
            new Field("sk_protocol", half, 532)));
    types.structure(
        "tcp_sock",
        2_432,
        List.of(
            new Field("write_seq", integer, 1_576),
            new Field("copied_seq", integer, 1_464),
            new Field("rcv_nxt", integer, 1_664),
            new Field("snd_una", integer, 1_672),
            new Field("srtt_us", integer, 1_680),
            new Field("bytes_acked", word, 1_824),
            new Field("bytes_received", word, 1_752)));
    types.structure("inode", 600, List.of(new Field("i_mode", half, 0)));
    types.structure(
        "file",
        184,
        List.of(
            new Field("private_data", word, 24),
            new Field("f_flags", integer, 16),
            new Field("f_inode", word, 32)));
    types.structure("socket", 128, List.of(new Field("file", word, 16), new Field("sk", word, 24)));
    types.structure("fdtable", 56, List.of(new Field("fd", word, 8)));
    types.structure("files_struct", 704, List.of(new Field("fdt", word, 32)));
    types.structure(
        "task_struct",
        9_000,
        List.of(
            new Field("pid", integer, 1_264),
            new Field("tgid", integer, 1_268),
            new Field("files", word, 1_824)));
    int number = types.structure("ns_common", 24, List.of(new Field("inum", integer, 16)));
    types.structure("net", 4_224, List.of(new Field("ns", number, 160)));
    types.function("bpf_iter_num_new");
    types.function("bpf_iter_num_next");
    types.function("bpf_iter_num_destroy");
    return Btf.parse(types.bytes());
  }
}
