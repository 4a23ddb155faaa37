package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.AT_MOST;
import static dev.troth.observe.bpf.Comparison.BELOW;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R4;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.kernel.Architecture.Calls;

/**
 * Reads one datagram that a call moved, from the label {@code datagram} to {@code describe}: where
 * it lies in the user's memory, whether it is told of, its first bytes.
 *
 * <p>A socket is watched from its first question of DNS on. Of a socket that begins with anything
 * else one datagram is told of, so that the agent can name what it does not read. Of a datagram in
 * several pieces the first one alone is read.
 */
final class DatagramCall {
  /** The size of {@code struct mmsghdr}, which begins with a {@code msghdr}. */
  static final int ENTRY_BYTES = 64;

  /** Where the length of what was moved lies in it. */
  static final int ENTRY_LENGTH = 56;

  /** The other end's address, its length, and the segments: the beginning of a {@code msghdr}. */
  private static final int HEADER_BYTES = 24;

  private static final int HEADER_IOV = 16;
  private static final int SEGMENT_64 = 0x33;
  private static final int WORD_BYTES = 8;

  /** A header, the name of the root, type and class. */
  private static final int SHORTEST_QUESTION = 17;

  /**
   * The bits of the first four bytes that a plain question has not set: answer, operation,
   * authoritative, truncated, recursion available, reserved, response code.
   */
  private static final int NOT_IN_QUESTIONS = 0xcffe_0000;

  /** One question and no answer, as the next four bytes say. */
  private static final int ONE_QUESTION = 0x0100;

  /** More than datagrams of DNS have that are not given to TCP. */
  private static final int KEPT = 4_096;

  private static final int KEPT_OF_STRANGERS = 32;

  private DatagramCall() {}

  static void read(Assembler code, KernelLayout kernel, HookSite site, boolean sending) {
    code.label("datagram");
    arguments(code, kernel);
    byCall(code, kernel.architecture().calls(), sending);
    code.label("datagram-batch");
    site.batch(code, sending);
    message(code);
    judge(code);
    copy(code, site);
  }

  private static void arguments(Assembler code, KernelLayout kernel) {
    KernelLayout.Registers registers = kernel.registers();
    code.call(Helper.GET_CURRENT_TASK_BTF).move(R1, R0).call(Helper.TASK_PT_REGS);
    registers
        .codeSegment()
        .ifPresent(at -> code.load(U16, R1, R0, at).jumpIf(R1, NOT_EQUAL, SEGMENT_64, "out"));
    code.load(U64, R1, R0, registers.first());
    low32(code);
    code.store(U64, FP, Slots.DESCRIPTOR, R1)
        .load(U64, R1, R0, registers.second())
        .store(U64, FP, Slots.SEGMENT_POINTER, R1)
        .load(U64, R1, R0, registers.third());
    low32(code);
    code.store(U64, R7, Slots.SEGMENTS_LEFT, R1)
        .load(U64, R1, R0, registers.fifth())
        .store(U64, FP, Slots.NAME, R1)
        .store(U64, FP, Slots.BATCH_TURN, 0)
        .store(U64, R7, Slots.BATCH_TOTAL, 0)
        .store(U64, R7, Slots.CARRIED, 0)
        .move(R9, 0)
        .load(U32, R1, R0, registers.number());
  }

  private static void low32(Assembler code) {
    code.compute(R1, SHIFT_LEFT, 32).compute(R1, SHIFT_RIGHT, 32);
  }

  private static void byCall(Assembler code, Calls calls, boolean sending) {
    code.jumpIf(R1, EQUAL, sending ? calls.sendto() : calls.recvfrom(), "datagram-one")
        .jumpIf(R1, EQUAL, sending ? calls.sendmsg() : calls.recvmsg(), "datagram-message")
        .jumpIf(R1, EQUAL, sending ? calls.sendmmsg() : calls.recvmmsg(), "datagram-batch")
        .store(U64, FP, Slots.NAME, 0)
        .jumpIf(R1, EQUAL, sending ? calls.write() : calls.read(), "datagram-one")
        .jumpIf(R1, EQUAL, sending ? calls.writev() : calls.readv(), "datagram-many");
    Missing.HIDDEN.count(code, Slots.IDS, Slots.KEY, "counted-hidden-datagram");
    code.jump("out");
    code.label("datagram-one")
        .load(U64, R1, FP, Slots.SEGMENT_POINTER)
        .store(U64, FP, Slots.IOV, R1)
        .store(U64, FP, Slots.IOV_LENGTH, R8)
        .jump("datagram-first");
  }

  /** From a {@code msghdr} to its first segment. */
  private static void message(Assembler code) {
    code.label("datagram-message")
        .move(R1, FP)
        .compute(R1, ADD, Slots.VECTOR)
        .move(R2, HEADER_BYTES)
        .load(U64, R3, FP, Slots.SEGMENT_POINTER)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable")
        .load(U64, R1, FP, Slots.VECTOR)
        .store(U64, FP, Slots.NAME, R1)
        .load(U64, R1, FP, Slots.VECTOR + HEADER_IOV)
        .store(U64, FP, Slots.SEGMENT_POINTER, R1)
        .label("datagram-many");
    CallMemory.segment(code, "unreadable");
  }

  private static void judge(Assembler code) {
    code.label("datagram-first").store(U64, FP, Slots.WORD, 0);
    length(code);
    code.jumpIf(R2, AT_MOST, WORD_BYTES, "datagram-short")
        .move(R2, WORD_BYTES)
        .label("datagram-short")
        .compute(R2, AND, 15)
        .move(R1, FP)
        .compute(R1, ADD, Slots.WORD)
        .load(U64, R3, FP, Slots.IOV)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable")
        .load(U64, R3, FP, Slots.STATE)
        .load(U32, R1, R3, Maps.STATE_VERDICT)
        .jumpIf(R1, EQUAL, Maps.VERDICT_WATCHED, "datagram-kept")
        .jumpIf(R8, BELOW, SHORTEST_QUESTION, "datagram-strange")
        .load(U64, R1, FP, Slots.WORD)
        .move(R2, R1)
        .compute(R2, SHIFT_LEFT, 32)
        .compute(R2, SHIFT_RIGHT, 32)
        .compute(R2, AND, NOT_IN_QUESTIONS)
        .jumpIf(R2, NOT_EQUAL, 0, "datagram-strange")
        .compute(R1, SHIFT_RIGHT, 32)
        .jumpIf(R1, NOT_EQUAL, ONE_QUESTION, "datagram-strange")
        .store(U32, R3, Maps.STATE_VERDICT, Maps.VERDICT_WATCHED)
        .label("datagram-kept")
        .store(U64, R7, Slots.LIMIT, KEPT)
        .jump("datagram-copy")
        .label("datagram-strange")
        .load(U32, R1, R3, Maps.STATE_STRANGE)
        .jumpIf(R1, NOT_EQUAL, 0, "done")
        .store(U32, R3, Maps.STATE_STRANGE, 1)
        .store(U64, R7, Slots.LIMIT, KEPT_OF_STRANGERS);
  }

  private static void copy(Assembler code, HookSite site) {
    code.label("datagram-copy");
    site.cookie(code);
    length(code);
    code.load(U64, R1, R7, Slots.LIMIT)
        .jumpIf(R2, AT_MOST, R1, "datagram-fits")
        .move(R2, R1)
        .label("datagram-fits")
        .compute(R2, AND, PayloadCopy.COPY_MASK)
        .move(R9, R2)
        .move(R1, R7)
        .compute(R1, ADD, EventLayout.HEADER)
        .load(U64, R3, FP, Slots.IOV)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable")
        .jump("describe");
  }

  /** The length of the first segment that was moved, into R2; the label is one for each use. */
  private static void length(Assembler code) {
    String within = "datagram-within-" + code.size();
    code.load(U64, R2, FP, Slots.IOV_LENGTH)
        .jumpIf(R2, AT_MOST, R8, within)
        .move(R2, R8)
        .label(within);
  }

  /**
   * Writes the other end's address into the event that a call of sending names; what is received
   * does not have it yet.
   */
  static void named(Assembler code) {
    code.load(U64, R3, FP, Slots.NAME)
        .jumpIf(R3, EQUAL, 0, "named")
        .move(R1, FP)
        .compute(R1, ADD, Slots.NAMED)
        .move(R2, 28)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "named")
        .load(U16, R1, FP, Slots.NAMED + 2)
        .networkOrder16(R1)
        .store(U16, R7, EventLayout.REMOTE_PORT, R1)
        .load(U16, R1, FP, Slots.NAMED)
        .load(U16, R2, R7, EventLayout.FAMILY)
        .load(U32, R4, FP, Slots.NAMED + 4)
        .jumpIf(R1, EQUAL, SocketFields.INET6, "named-six")
        .store(U64, R7, EventLayout.REMOTE_ADDRESS, 0)
        .store(U64, R7, EventLayout.REMOTE_ADDRESS + 8, 0)
        .jumpIf(R2, EQUAL, SocketFields.INET6, "named-mapped")
        .store(U32, R7, EventLayout.REMOTE_ADDRESS, R4)
        .jump("named")
        .label("named-mapped") // an address of IPv4 to a socket of IPv6
        .store(U32, R7, EventLayout.REMOTE_ADDRESS + 8, 0xffff_0000)
        .store(U32, R7, EventLayout.REMOTE_ADDRESS + 12, R4)
        .jump("named")
        .label("named-six")
        .load(U64, R1, FP, Slots.NAMED + 8)
        .store(U64, R7, EventLayout.REMOTE_ADDRESS, R1)
        .load(U64, R1, FP, Slots.NAMED + 16)
        .store(U64, R7, EventLayout.REMOTE_ADDRESS + 8, R1)
        .label("named");
  }
}
