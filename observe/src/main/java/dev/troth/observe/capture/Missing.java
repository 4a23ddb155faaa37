package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;

/**
 * What a process did and the agent does not see, counted in all and for the process where the agent
 * has made room for it. Events of others, such as children that it has not heard of, are in the
 * first count alone.
 */
enum Missing {
  /** Events that found no room in the ring. */
  LOST(Maps.COUNT_LOST),
  /** Messages over unix sockets. */
  UNIX(Maps.COUNT_UNIX),
  /** Messages whose memory could not be read. */
  UNREADABLE(Maps.COUNT_UNREADABLE),
  /** Messages that did not pass by a call that reads or writes, on sockets not known yet. */
  HIDDEN(Maps.COUNT_HIDDEN),
  /** Messages that may hold requests, told of in part because the ring was crowded. */
  CUT(Maps.COUNT_CUT);

  /** The bytes of all counts of a process. */
  static final int BYTES = 8 * values().length;

  private final int counter;

  Missing(int counter) {
    this.counter = counter;
  }

  /** Where the count lies among those of a process. */
  int offset() {
    return 8 * ordinal();
  }

  /**
   * Adds one; loses R0 to R5.
   *
   * @param ids the slot on the stack of process and thread
   * @param key one for a number
   */
  void count(Assembler code, int ids, int key, String label) {
    Maps.count(code, counter, key, label);
    code.load(U64, R1, FP, ids)
        .compute(R1, SHIFT_RIGHT, 32)
        .store(U32, FP, key, R1)
        .map(R1, Maps.MISSING)
        .move(R2, FP)
        .compute(R2, ADD, key)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, label + "-done")
        .move(R1, 1)
        .addAtomically(U64, R0, offset(), R1)
        .label(label + "-done");
  }
}
