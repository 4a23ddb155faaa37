package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.OR;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Arithmetic.SUBTRACT;
import static dev.troth.observe.bpf.Comparison.ABOVE;
import static dev.troth.observe.bpf.Comparison.ANY_BIT;
import static dev.troth.observe.bpf.Comparison.AT_LEAST;
import static dev.troth.observe.bpf.Comparison.AT_MOST;
import static dev.troth.observe.bpf.Comparison.BELOW;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Comparison.S_AT_MOST;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R4;
import static dev.troth.observe.bpf.Register.R6;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.bpf.Program;
import dev.troth.observe.kernel.Architecture.Calls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the program for one direction of socket traffic. It runs on {@code
 * btf_trace_sock_send_length} or {@code btf_trace_sock_recv_length}, after the system call has done
 * its work and in the caller's context, with (struct sock *, length, flags).
 *
 * <p>A socket of a target is unknown until something passes that begins like HTTP; from then on
 * each of its reads and writes becomes an event: time, thread, addresses, both positions in the TCP
 * stream, the first bytes, and the last few when the middle was too long. The positions let the
 * agent see exactly which bytes it has missed.
 *
 * <p>Registers that live through the program: R6 socket, R7 scratch buffer, R8 length, R9 bytes
 * captured so far. Stack slots are named below.
 */
final class SocketProgram {
  /** Bytes kept of a message that begins a request, so that pipelined requests are seen too. */
  static final int REQUEST_LIMIT = 4_096;

  /** Bytes kept of a message that begins a response. */
  static final int RESPONSE_LIMIT = 1_024;

  /** Bytes kept of any other message: a part of a body, the rest of a head. */
  static final int OTHER_LIMIT = 256;

  /**
   * A position below 4096 plus a copy below 8192: bounds that the verifier follows from masks
   * alone, on every kernel.
   */
  private static final int WORK = EventLayout.HEADER + 4_096 + 8_192;

  static final int SCRATCH_BYTES = WORK + 48;

  /** Parts of bodies from this size are left out while the ring buffer is a quarter full. */
  private static final int SHED_FROM = 1_024;

  private static final int POSITION_MASK = 0xfff;
  private static final int COPY_MASK = 0x1fff;
  private static final int SEGMENTS = 8;
  private static final int TAIL_BYTES = 8;

  /** Reads that leave the bytes in the socket, or read something else: OOB, PEEK, ERRQUEUE. */
  private static final int NOT_CONSUMING = 0x1 | 0x2 | 0x2000;

  /** The code segment of a 64-bit caller; a 32-bit one has other system call numbers. */
  private static final int SEGMENT_64 = 0x33;

  private static final int IOV_BYTES = 16;
  private static final int MSGHDR_IOV = 16;
  private static final int NO_WAKEUP = 1;

  private static final List<String> REQUEST_STARTS =
      List.of("GET ", "POST", "PUT ", "DELE", "HEAD", "PATC", "OPTI", "CONN", "TRAC");
  private static final String RESPONSE_START = "HTTP";

  private static final int IDS = -8;
  private static final int KEY = -16;
  private static final int TCP = -24;
  private static final int STATE = -32;
  private static final int DESCRIPTOR = -40;
  private static final int SEGMENT_POINTER = -48;
  private static final int IOV = -80;
  private static final int IOV_LENGTH = -72;
  private static final int WORD = -88;
  private static final int TURN = -104;
  private static final int COOKIE = -128;
  private static final int VECTOR = -152;

  // Values that differ from path to path lie behind the scratch buffer, where the verifier does not
  // follow them: it then finds the paths alike and is done in a few thousand steps.
  private static final int LIMIT = WORK;
  private static final int BYTES_LEFT = WORK + 8;
  private static final int SEGMENTS_LEFT = WORK + 16;
  private static final int LAST_END = WORK + 24;
  private static final int LAST_LENGTH = WORK + 32;
  private static final int CARRIED = WORK + 40;

  private final KernelLayout kernel;
  private final int ringBytes;
  private final boolean sending;
  private final Assembler code;

  private SocketProgram(KernelLayout kernel, int ringBytes, boolean sending) {
    this.kernel = kernel;
    this.ringBytes = ringBytes;
    this.sending = sending;
    this.code = new Assembler(sending ? "troth_send" : "troth_receive");
  }

  static Program sending(KernelLayout kernel, int ringBytes) {
    return new SocketProgram(kernel, ringBytes, true).write();
  }

  static Program receiving(KernelLayout kernel, int ringBytes) {
    return new SocketProgram(kernel, ringBytes, false).write();
  }

  private Program write() {
    arguments();
    onlyTargets();
    onlyTcp();
    socketState();
    scratch();
    callArguments();
    firstSegment();
    verdict();
    gather();
    tail();
    event();
    code.label("out").move(R0, 0).exit();
    return code.assemble();
  }

  private void arguments() {
    code.load(U64, R6, R1, 0).load(U64, R8, R1, 8).signExtend(R8);
    if (!sending) {
      code.load(U64, R2, R1, 16).jumpIf(R2, ANY_BIT, NOT_CONSUMING, "out");
    }
    code.jumpIf(R8, S_AT_MOST, 0, "out");
  }

  private void onlyTargets() {
    code.call(Helper.GET_CURRENT_PID_TGID)
        .store(U64, FP, IDS, R0)
        .compute(R0, SHIFT_RIGHT, 32)
        .store(U32, FP, KEY, R0);
    lookup(Maps.TARGETS, KEY);
    code.jumpIf(R0, EQUAL, 0, "out");
  }

  private void onlyTcp() {
    code.move(R1, R6)
        .call(Helper.SKC_TO_TCP_SOCK)
        .jumpIf(R0, EQUAL, 0, "out")
        .store(U64, FP, TCP, R0);
  }

  private void socketState() {
    code.map(R1, Maps.SOCKETS)
        .move(R2, R6)
        .move(R3, 0)
        .move(R4, 1)
        .call(Helper.SK_STORAGE_GET)
        .jumpIf(R0, EQUAL, 0, "out")
        .store(U64, FP, STATE, R0)
        .load(U32, R1, R0, Maps.STATE_VERDICT)
        .jumpIf(R1, EQUAL, Maps.VERDICT_MUTED, "out");
  }

  private void scratch() {
    code.store(U32, FP, KEY, 0);
    lookup(sending ? Maps.SEND_SCRATCH : Maps.RECEIVE_SCRATCH, KEY);
    code.jumpIf(R0, EQUAL, 0, "out").move(R7, R0);
  }

  /** Finds the user's memory from the registers of the system call that is about to return. */
  private void callArguments() {
    KernelLayout.Registers registers = kernel.registers();
    Calls calls = kernel.architecture().calls();
    code.call(Helper.GET_CURRENT_TASK_BTF).move(R1, R0).call(Helper.TASK_PT_REGS);
    registers
        .codeSegment()
        .ifPresent(at -> code.load(U16, R1, R0, at).jumpIf(R1, NOT_EQUAL, SEGMENT_64, "out"));
    code.load(U64, R1, R0, registers.first())
        .compute(R1, SHIFT_LEFT, 32)
        .compute(R1, SHIFT_RIGHT, 32)
        .store(U64, FP, DESCRIPTOR, R1)
        .load(U64, R2, R0, registers.second())
        .store(U64, FP, SEGMENT_POINTER, R2)
        .load(U64, R3, R0, registers.third())
        .store(U64, R7, SEGMENTS_LEFT, R3)
        .store(U64, R7, BYTES_LEFT, R8)
        .store(U64, FP, TURN, 0)
        .store(U64, R7, LAST_LENGTH, 0)
        .store(U64, R7, CARRIED, 0)
        .move(R9, 0)
        .load(U32, R1, R0, registers.number())
        .jumpIf(R1, EQUAL, sending ? calls.write() : calls.read(), "one")
        .jumpIf(R1, EQUAL, sending ? calls.sendto() : calls.recvfrom(), "one")
        .jumpIf(R1, EQUAL, sending ? calls.writev() : calls.readv(), "many")
        .jumpIf(R1, EQUAL, sending ? calls.sendmsg() : calls.recvmsg(), "message");
    // sendfile, splice, io_uring: the bytes are out of reach, their number is not.
    code.load(U64, R1, FP, STATE)
        .load(U32, R1, R1, Maps.STATE_VERDICT)
        .jumpIf(R1, NOT_EQUAL, Maps.VERDICT_WATCHED, "out")
        .jump("cookie");

    code.label("message");
    readUser(VECTOR, IOV_BYTES, SEGMENT_POINTER, MSGHDR_IOV, "unreadable");
    code.load(U64, R1, FP, VECTOR)
        .store(U64, FP, SEGMENT_POINTER, R1)
        .load(U64, R1, FP, VECTOR + 8)
        .store(U64, R7, SEGMENTS_LEFT, R1);
    code.label("many");
    readUser(IOV, IOV_BYTES, SEGMENT_POINTER, 0, "unreadable");
    code.jump("first");

    code.label("one")
        .store(U64, FP, IOV, R2)
        .store(U64, FP, IOV_LENGTH, R8)
        .store(U64, R7, SEGMENTS_LEFT, 1);
  }

  /** Reads the first four bytes, with the byte that came alone before them if there was one. */
  private void firstSegment() {
    code.label("first")
        .store(U64, FP, WORD, 0)
        .load(U64, R2, FP, IOV_LENGTH)
        .jumpIf(R2, AT_MOST, R8, "within")
        .move(R2, R8)
        .label("within")
        .jumpIf(R2, AT_MOST, 4, "short")
        .move(R2, 4)
        .label("short")
        .compute(R2, AND, 7)
        .move(R1, FP)
        .compute(R1, ADD, WORD)
        .load(U64, R3, FP, IOV)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable");
    code.load(U32, R1, FP, WORD)
        .load(U64, R2, FP, STATE)
        .load(U32, R3, R2, Maps.STATE_CARRY)
        .store(U32, R2, Maps.STATE_CARRY, 0)
        .jumpIf(R3, EQUAL, 0, "compare")
        .store(U64, R7, CARRIED, R3)
        .compute(R1, SHIFT_LEFT, 40)
        .compute(R1, SHIFT_RIGHT, 32)
        .compute(R1, OR, R3);
  }

  private void verdict() {
    code.label("compare").store(U64, R7, LIMIT, REQUEST_LIMIT);
    for (String start : REQUEST_STARTS) {
      code.jumpIf(R1, EQUAL, word(start), "watched");
    }
    code.store(U64, R7, LIMIT, RESPONSE_LIMIT)
        .jumpIf(R1, EQUAL, word(RESPONSE_START), "watched")
        .store(U64, R7, LIMIT, OTHER_LIMIT)
        .load(U64, R2, FP, STATE)
        .load(U32, R3, R2, Maps.STATE_VERDICT)
        .jumpIf(R3, EQUAL, Maps.VERDICT_WATCHED, "muted?")
        // A beginning may come in pieces. Go even waits for each request by reading one byte.
        .jumpIf(R8, AT_LEAST, 4, "out")
        .load(U8, R3, FP, WORD)
        .jumpIf(R3, BELOW, 'A', "out")
        .jumpIf(R3, ABOVE, 'Z', "out")
        .jumpIf(R8, NOT_EQUAL, 1, "watched")
        .load(U64, R4, R7, CARRIED)
        .jumpIf(R4, NOT_EQUAL, 0, "watched")
        .store(U32, R2, Maps.STATE_CARRY, R3)
        .jump("out");

    code.label("muted?");
    cookie();
    lookup(Maps.MUTED, COOKIE);
    code.jumpIf(R0, EQUAL, 0, "crowded?")
        .load(U64, R2, FP, STATE)
        .store(U32, R2, Maps.STATE_VERDICT, Maps.VERDICT_MUTED)
        .jump("out");
    // Parts of bodies give way to heads: a gap within a body of known length does no harm.
    code.label("crowded?")
        .jumpIf(R8, BELOW, SHED_FROM, "segments")
        .map(R1, Maps.RING)
        .move(R2, 0)
        .call(Helper.RINGBUF_QUERY)
        .jumpIf(R0, BELOW, ringBytes / 4, "segments");
    count(Maps.COUNT_SHED, "counted-shed");
    code.jump("out");

    code.label("watched")
        .load(U64, R2, FP, STATE)
        .store(U32, R2, Maps.STATE_VERDICT, Maps.VERDICT_WATCHED);
    cookie();
  }

  private void cookie() {
    code.move(R1, R6).call(Helper.GET_SOCKET_COOKIE).store(U64, FP, COOKIE, R0);
  }

  /** Copies the segments one behind the other into the scratch buffer, up to the limit. */
  private void gather() {
    code.label("segments")
        .load(U64, R1, FP, IOV_LENGTH)
        .load(U64, R2, R7, BYTES_LEFT)
        .jumpIf(R1, AT_MOST, R2, "whole")
        .move(R1, R2)
        .label("whole")
        .compute(R2, SUBTRACT, R1)
        .store(U64, R7, BYTES_LEFT, R2)
        .store(U64, R7, LAST_LENGTH, R1)
        .load(U64, R3, FP, IOV)
        .move(R4, R3)
        .compute(R4, ADD, R1)
        .store(U64, R7, LAST_END, R4)
        .load(U64, R2, R7, LIMIT)
        .compute(R2, SUBTRACT, R9)
        .jumpIf(R1, AT_MOST, R2, "fits")
        .move(R1, R2)
        .label("fits")
        .jumpIf(R1, EQUAL, 0, "next")
        .move(R2, R1)
        .compute(R2, AND, COPY_MASK)
        .move(R1, R9)
        .compute(R9, ADD, R2)
        .compute(R1, AND, POSITION_MASK)
        .compute(R1, ADD, R7)
        .compute(R1, ADD, EventLayout.HEADER)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable")
        .compute(R9, AND, COPY_MASK); // changes nothing; keeps the verifier's states alike
    code.label("next")
        .load(U64, R1, R7, BYTES_LEFT)
        .jumpIf(R1, EQUAL, 0, "gathered")
        .load(U64, R1, R7, SEGMENTS_LEFT)
        .jumpIf(R1, AT_MOST, 1, "gathered")
        .compute(R1, ADD, -1)
        .store(U64, R7, SEGMENTS_LEFT, R1)
        .load(U64, R1, FP, TURN)
        .compute(R1, ADD, 1)
        .store(U64, FP, TURN, R1)
        .jumpIf(R1, AT_LEAST, SEGMENTS, "gathered")
        .load(U64, R3, FP, SEGMENT_POINTER)
        .compute(R3, ADD, IOV_BYTES)
        .store(U64, FP, SEGMENT_POINTER, R3);
    readUser(IOV, IOV_BYTES, SEGMENT_POINTER, 0, "unreadable");
    code.jump("segments");
  }

  /** The last bytes of a message that was not captured whole tell whether a chunked body ends. */
  private void tail() {
    code.label("gathered")
        .store(U64, R7, EventLayout.TAIL, 0)
        .store(U64, R7, EventLayout.TAIL_LENGTH, 0)
        .jumpIf(R9, AT_LEAST, R8, "describe")
        .load(U64, R1, R7, BYTES_LEFT)
        .jumpIf(R1, NOT_EQUAL, 0, "describe")
        .load(U64, R2, R7, LAST_LENGTH)
        .jumpIf(R2, AT_MOST, TAIL_BYTES, "ending")
        .move(R2, TAIL_BYTES)
        .label("ending")
        .compute(R2, AND, 15)
        .store(U8, R7, EventLayout.TAIL_LENGTH, R2)
        .load(U64, R3, R7, LAST_END)
        .compute(R3, SUBTRACT, R2)
        .move(R1, R7)
        .compute(R1, ADD, EventLayout.TAIL)
        .call(Helper.PROBE_READ_USER)
        .jump("describe");

    code.label("unreadable");
    count(Maps.COUNT_UNREADABLE, "counted-unreadable");
    code.load(U64, R1, FP, STATE)
        .load(U32, R1, R1, Maps.STATE_VERDICT)
        .jumpIf(R1, NOT_EQUAL, Maps.VERDICT_WATCHED, "out");
    code.label("cookie");
    cookie();
    code.move(R9, 0).store(U64, R7, EventLayout.TAIL, 0).store(U64, R7, EventLayout.TAIL_LENGTH, 0);
  }

  private void event() {
    code.label("describe").call(Helper.KTIME_GET_NS).store(U64, R7, EventLayout.TIME, R0);
    copy(U64, COOKIE, EventLayout.COOKIE);
    copy(U64, IDS, EventLayout.THREAD);
    copy(U32, DESCRIPTOR, EventLayout.DESCRIPTOR);
    code.load(U64, R1, R7, CARRIED).store(U8, R7, EventLayout.CARRY, R1);
    code.store(U32, R7, EventLayout.LENGTH, R8)
        .store(U32, R7, EventLayout.CAPTURED, R9)
        .store(U8, R7, EventLayout.KIND, (sending ? EventKind.SENT : EventKind.RECEIVED).code())
        .load(U64, R2, FP, TCP)
        .load(U32, R1, R2, kernel.written())
        .store(U32, R7, EventLayout.SENT, R1)
        .load(U32, R3, R2, kernel.copied())
        .store(U32, R7, EventLayout.RECEIVED, R3);
    fresh();
    SocketFields.describe(code, kernel);
    code.jumpIf(R9, ABOVE, REQUEST_LIMIT, "out")
        .move(R3, R9)
        .compute(R3, ADD, EventLayout.HEADER)
        .map(R1, Maps.RING)
        .move(R2, R7)
        .move(R4, NO_WAKEUP)
        .call(Helper.RINGBUF_OUTPUT)
        .jumpIf(R0, EQUAL, 0, "written");
    count(Maps.COUNT_LOST, "counted-lost");
    code.jump("out").label("written");
    count(Maps.COUNT_EVENTS, "counted");
  }

  /**
   * Marks the first bytes ever received: then bytes received so far, less those still waiting, are
   * just these. R2 is the TCP socket, R3 its copied_seq.
   */
  private void fresh() {
    code.store(U8, R7, EventLayout.FLAGS, 0);
    if (sending) {
      return;
    }
    code.load(U32, R1, R2, kernel.receivedNext())
        .compute(R1, SUBTRACT, R3)
        .compute(R1, SHIFT_LEFT, 32)
        .compute(R1, SHIFT_RIGHT, 32)
        .load(U64, R3, R2, kernel.bytesReceived())
        .compute(R3, SUBTRACT, R1)
        .jumpIf(R3, ABOVE, R8, "not-fresh")
        .store(U8, R7, EventLayout.FLAGS, EventLayout.FLAG_FRESH)
        .label("not-fresh");
  }

  private void copy(dev.troth.observe.bpf.Width width, int slot, int field) {
    code.load(U64, R1, FP, slot).store(width, R7, field, R1);
  }

  private void lookup(String map, int keySlot) {
    code.map(R1, map).move(R2, FP).compute(R2, ADD, keySlot).call(Helper.MAP_LOOKUP);
  }

  private void readUser(int slot, int bytes, int pointerSlot, int offset, String failure) {
    code.move(R1, FP).compute(R1, ADD, slot).move(R2, bytes).load(U64, R3, FP, pointerSlot);
    if (offset != 0) {
      code.compute(R3, ADD, offset);
    }
    code.call(Helper.PROBE_READ_USER).jumpIf(R0, NOT_EQUAL, 0, failure);
  }

  private void count(int counter, String label) {
    Counting.add(code, counter, KEY, label);
  }

  private static int word(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt();
  }
}
