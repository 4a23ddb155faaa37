package dev.troth.observe.bpf;

/**
 * A function of the kernel that programs may call, which BPF names a helper (bpf-helpers(7)), with
 * its number in {@code enum bpf_func_id}.
 */
public enum Helper {
  MAP_LOOKUP(1, "map_lookup_elem"),
  MAP_UPDATE(2, "map_update_elem"),
  MAP_DELETE(3, "map_delete_elem"),
  KTIME_GET_NS(5, "ktime_get_ns"),
  GET_PRANDOM_U32(7, "get_prandom_u32"),
  GET_SMP_PROCESSOR_ID(8, "get_smp_processor_id"),
  GET_CURRENT_PID_TGID(14, "get_current_pid_tgid"),
  GET_SOCKET_COOKIE(46, "get_socket_cookie"),
  MSG_PULL_DATA(63, "msg_pull_data"),
  SOCK_HASH_UPDATE(70, "sock_hash_update"),
  MSG_PUSH_DATA(90, "msg_push_data"),
  MSG_POP_DATA(91, "msg_pop_data"),
  SK_STORAGE_GET(107, "sk_storage_get"),
  PROBE_READ_USER(112, "probe_read_user"),
  PROBE_READ_KERNEL(113, "probe_read_kernel"),
  RINGBUF_OUTPUT(130, "ringbuf_output"),
  RINGBUF_RESERVE(131, "ringbuf_reserve"),
  RINGBUF_SUBMIT(132, "ringbuf_submit"),
  RINGBUF_DISCARD(133, "ringbuf_discard"),
  RINGBUF_QUERY(134, "ringbuf_query"),
  SKC_TO_TCP_SOCK(137, "skc_to_tcp_sock"),
  GET_CURRENT_TASK_BTF(158, "get_current_task_btf"),
  TASK_PT_REGS(175, "task_pt_regs");

  final int number;
  final String symbol;

  Helper(int number, String symbol) {
    this.number = number;
    this.symbol = symbol;
  }

  static Helper of(int number) {
    for (Helper helper : values()) {
      if (helper.number == number) {
        return helper;
      }
    }
    throw new IllegalArgumentException("helper " + number + " is not one that programs here call");
  }
}
