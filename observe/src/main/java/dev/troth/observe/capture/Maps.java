package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.kernel.BpfMap;
import dev.troth.observe.kernel.MapSpec;
import java.util.List;

/** The maps that the programs share with the agent. */
final class Maps {
  /** Process id → service number: whose sockets are watched. */
  static final String TARGETS = "troth_targets";

  /** The state of each socket of a target. */
  static final String SOCKETS = "troth_sockets";

  /** Cookies of sockets that the agent has lost interest in. */
  static final String MUTED = "troth_muted";

  /**
   * Where an event is put together before it is copied into the ring; one for each direction and
   * processor. Values of maps that are per processor by themselves end at 32 KiB.
   */
  static final String SEND_SCRATCH = "troth_send_buf";

  static final String RECEIVE_SCRATCH = "troth_recv_buf";
  static final String RING = "troth_ring";
  static final String COUNTERS = "troth_counters";

  /** Process → the counts of {@link Missing}. */
  static final String MISSING = "troth_missing";

  /**
   * Process and thread → the arguments of the call of TLS that it is in; a write may lie in a read.
   */
  static final String TLS_READS = "troth_tls_reads";

  static final String TLS_WRITES = "troth_tls_write";

  /** Process and thread → the session of TLS in whose call it is. */
  static final String TLS_INSIDE = "troth_tls_in";

  /** As the three before, by process and goroutine: {@link TlsPrograms.Caller#GO}. */
  static final String GO_READS = "troth_go_reads";

  static final String GO_WRITES = "troth_go_write";
  static final String GO_INSIDE = "troth_go_in";

  /** Session and process → how many plain bytes were sent and received, and reads told of. */
  static final String TLS_SESSIONS = "troth_tls";

  /**
   * Process and thread → how many datagrams its call of several has moved, and the length of the
   * last one.
   */
  static final String SENT_BATCHES = "troth_batch_out";

  static final String RECEIVED_BATCHES = "troth_batch_in";

  static final int COUNT_EVENTS = 0;
  static final int COUNT_LOST = 1;
  static final int COUNT_UNREADABLE = 2;
  static final int COUNT_SHED = 3;

  /** Messages over unix sockets, which are not read. */
  static final int COUNT_UNIX = 4;

  /** Messages that did not pass by a call that reads or writes, on sockets not known yet. */
  static final int COUNT_HIDDEN = 5;

  /** Messages that may hold requests, told of in part because the ring was crowded. */
  static final int COUNT_CUT = 6;

  static final int COUNTER_TOTAL = 7;

  /** Socket state, byte offsets: the verdict, and what the last message of each direction was. */
  static final int STATE_VERDICT = 0;

  static final int STATE_PIECE_SENT = 4;
  static final int STATE_PIECE_RECEIVED = 8;

  /** How many bytes are kept of every message, 0 where that depends on the message. */
  static final int STATE_KEEP = 12;

  /** The socket's name, where the kernel has no cookie at hand. */
  static final int STATE_ID = 16;

  /** How many messages without a signature were told of. */
  static final int STATE_STRANGE = 24;

  static final int STATE_BYTES = 32;

  /**
   * The last message was too short to tell a head from anything else. Values from 1 to 255 are the
   * one byte of a message that was held back.
   */
  static final int PIECE_SHORT = 256;

  /** The last message began a head. */
  static final int PIECE_HEAD = 512;

  /**
   * The last message went on with a head that may be longer than what one call moves. Values above
   * are this one and the number of bytes that the head may still have.
   */
  static final int PIECE_LONG_HEAD = 1_024;

  /** Added to that where the last message began the head. */
  static final int PIECE_BEGAN = 1 << 20;

  static final int VERDICT_UNKNOWN = 0;
  static final int VERDICT_WATCHED = 1;
  static final int VERDICT_MUTED = 2;

  /** How many sockets are known at once where their state lies in a hash. */
  private static final int MOST_SOCKETS = 16_384;

  /** How many processes are watched at once. */
  private static final int MOST_PROCESSES = 8_192;

  private Maps() {}

  static List<MapSpec> specs(Hook hook, int ringBytes) {
    int processors = BpfMap.possibleProcessors();
    return List.of(
        MapSpec.hash(TARGETS, 4, 4, MOST_PROCESSES),
        hook == Hook.SOCKET
            ? MapSpec.socketStorage(SOCKETS, STATE_BYTES)
            : MapSpec.leastRecentlyUsed(SOCKETS, 8, STATE_BYTES, MOST_SOCKETS),
        MapSpec.leastRecentlyUsed(MUTED, 8, 4, 4_096),
        MapSpec.array(SEND_SCRATCH, Slots.SCRATCH_BYTES, processors),
        MapSpec.array(RECEIVE_SCRATCH, Slots.SCRATCH_BYTES, processors),
        MapSpec.ring(RING, ringBytes),
        MapSpec.perCpu(COUNTERS, 8, COUNTER_TOTAL),
        MapSpec.hash(MISSING, 4, Missing.BYTES, MOST_PROCESSES),
        MapSpec.leastRecentlyUsed(SENT_BATCHES, 8, 8, 4_096),
        MapSpec.leastRecentlyUsed(RECEIVED_BATCHES, 8, 8, 4_096),
        MapSpec.leastRecentlyUsed(TLS_READS, 8, 32, 4_096),
        MapSpec.leastRecentlyUsed(TLS_WRITES, 8, 32, 4_096),
        MapSpec.leastRecentlyUsed(TLS_INSIDE, 8, 8, 4_096),
        MapSpec.leastRecentlyUsed(GO_READS, 8, 32, 8_192),
        MapSpec.leastRecentlyUsed(GO_WRITES, 8, 32, 8_192),
        MapSpec.leastRecentlyUsed(GO_INSIDE, 8, 8, 8_192),
        MapSpec.leastRecentlyUsed(TLS_SESSIONS, 16, 16, MOST_SOCKETS));
  }

  /** Adds one to a counter of this processor; loses R0 to R5. */
  static void count(Assembler code, int counter, int keySlot, String label) {
    code.store(U32, FP, keySlot, counter)
        .map(R1, COUNTERS)
        .move(R2, FP)
        .compute(R2, ADD, keySlot)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, label)
        .load(U64, R1, R0, 0)
        .compute(R1, ADD, 1)
        .store(U64, R0, 0, R1)
        .label(label);
  }
}
