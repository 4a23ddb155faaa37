package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.OR;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Arithmetic.SUBTRACT;
import static dev.troth.observe.bpf.Comparison.ABOVE;
import static dev.troth.observe.bpf.Comparison.AT_LEAST;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R6;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.bpf.Program;
import dev.troth.observe.bpf.Width;
import dev.troth.observe.stream.Signature;

/**
 * Writes the program for one direction of socket traffic. It runs after the system call has done
 * its work and in the caller's context.
 *
 * <p>A socket of a target is unknown until something passes that bears a signature; from then on
 * each of its reads and writes becomes an event: time, thread, addresses, both positions in the TCP
 * stream, the first bytes, and the last few when the middle was too long. The positions let the
 * agent see exactly which bytes it has missed.
 *
 * <p>The parts follow each other as {@link #write} has them; a part goes on at the next one's first
 * label. Registers that live through the program: R6 socket, R7 scratch buffer, R8 length, R9 bytes
 * captured so far. Everything else is in {@link Slots}.
 */
final class SocketProgram {
  /** {@code O_NONBLOCK}. */
  private static final int NON_BLOCKING = 0x800;

  /** States of a connection whose other side has ended it. */
  private static final int TCP_CLOSE = 7;

  private static final int TCP_CLOSE_WAIT = 8;
  private static final int TCP_LAST_ACK = 9;
  private static final int TCP_CLOSING = 11;

  private final KernelLayout kernel;
  private final HookSite site;
  private final Filter filter;
  private final boolean sending;
  private final Assembler code;

  private SocketProgram(KernelLayout kernel, HookSite site, Filter filter, boolean sending) {
    this.kernel = kernel;
    this.site = site;
    this.filter = filter;
    this.sending = sending;
    this.code = new Assembler(sending ? "troth_send" : "troth_receive");
  }

  static Program sending(KernelLayout kernel, HookSite site, Filter filter) {
    return new SocketProgram(kernel, site, filter, true).write();
  }

  static Program receiving(KernelLayout kernel, HookSite site, Filter filter) {
    return new SocketProgram(kernel, site, filter, false).write();
  }

  private Program write() {
    site.enter(code, sending);
    onlyTargets();
    site.socket(code, sending);
    socketState();
    scratch();
    code.load(U64, R1, FP, Slots.TCP).jumpIf(R1, EQUAL, 0, "datagram");
    CallMemory.find(code, kernel, sending);
    FirstBytes.judge(code, kernel, site, sending, filter);
    code.label("segments").jump("describe");
    unreadable();
    describe();
    code.load(U64, R1, FP, Slots.TCP)
        .jumpIf(R1, EQUAL, 0, "output") // a datagram is copied already
        .load(U64, R1, R7, Slots.BYTES_LEFT)
        .jumpIf(R1, EQUAL, 0, "output");
    PayloadCopy.copy(code, kernel, sending);
    output();
    code.label("done");
    site.done(code);
    code.label("out").move(R0, 0).exit();
    DatagramCall.read(code, kernel, site, sending);
    site.failed(code, sending);
    return code.assemble();
  }

  private void onlyTargets() {
    code.call(Helper.GET_CURRENT_PID_TGID)
        .store(U64, FP, Slots.IDS, R0)
        .compute(R0, SHIFT_RIGHT, 32)
        .store(U32, FP, Slots.KEY, R0);
    lookup(Maps.TARGETS);
    code.jumpIf(R0, EQUAL, 0, "out");
  }

  private void socketState() {
    site.state(code);
    code.store(U64, FP, Slots.STATE, R0)
        .load(U32, R1, R0, Maps.STATE_VERDICT)
        .jumpIf(R1, EQUAL, Maps.VERDICT_MUTED, "out");
  }

  private void scratch() {
    code.call(Helper.GET_SMP_PROCESSOR_ID).store(U32, FP, Slots.KEY, R0);
    lookup(sending ? Maps.SEND_SCRATCH : Maps.RECEIVE_SCRATCH);
    code.jumpIf(R0, EQUAL, 0, "out")
        .move(R7, R0)
        .compute(R7, ADD, Slots.EVENT)
        .store(U64, R7, EventLayout.SESSION, 0)
        .store(U64, R7, EventLayout.TAIL, 0)
        .store(U64, R7, EventLayout.TAIL_LENGTH, 0)
        .store(U64, R7, Slots.CUT, 0)
        .store(U64, R7, Slots.KEPT_LATER, 0);
  }

  /** Of bytes out of reach a watched socket's event tells their number. */
  private void unreadable() {
    code.label("unreadable");
    Missing.UNREADABLE.count(code, Slots.IDS, Slots.KEY, "counted-unreadable");
    code.load(U64, R1, FP, Slots.STATE)
        .load(U32, R1, R1, Maps.STATE_VERDICT)
        .jumpIf(R1, NOT_EQUAL, Maps.VERDICT_WATCHED, "out");
    code.label("cookie");
    site.cookie(code);
    code.move(R9, 0).store(U64, R7, Slots.BYTES_LEFT, 0);
  }

  private void describe() {
    code.label("describe").call(Helper.KTIME_GET_NS).store(U64, R7, EventLayout.TIME, R0);
    put(U64, Slots.COOKIE, EventLayout.COOKIE);
    put(U64, Slots.IDS, EventLayout.THREAD);
    code.load(U64, R1, R7, Slots.CARRIED)
        .store(U8, R7, EventLayout.CARRY, R1)
        .load(U64, R1, FP, Slots.TCP)
        .jumpIf(R1, EQUAL, 0, "no-stream");
    kind(EventKind.SENT, EventKind.RECEIVED);
    site.copyTcp(code, 4, kernel.tcp().written(), EventLayout.SENT);
    site.copyTcp(code, 4, kernel.tcp().copied(), EventLayout.RECEIVED);
    site.copyTcp(code, 4, kernel.tcp().receivedNext(), Slots.RECEIVED_NEXT);
    site.copyTcp(code, 4, kernel.tcp().smoothedRoundTrip(), EventLayout.ROUND_TRIP);
    fresh();
    end();
    code.jump("placed")
        .label("no-stream")
        .store(U32, R7, EventLayout.SENT, 0)
        .store(U32, R7, EventLayout.RECEIVED, 0)
        .store(U32, R7, EventLayout.ROUND_TRIP, 0)
        .store(U8, R7, EventLayout.FLAGS, 0);
    kind(EventKind.DATAGRAM_SENT, EventKind.DATAGRAM_RECEIVED);
    code.label("placed");
    blocking();
    SocketFields.describe(code, kernel, site);
    if (sending) {
      code.load(U64, R1, FP, Slots.TCP).jumpIf(R1, NOT_EQUAL, 0, "named");
      DatagramCall.named(code);
    }
  }

  private void kind(EventKind sent, EventKind received) {
    code.store(U8, R7, EventLayout.KIND, (sending ? sent : received).code());
  }

  /**
   * Marks the first bytes ever to pass in this direction. Received ones: then bytes received so
   * far, less those still waiting, are just these.
   */
  private void fresh() {
    code.store(U8, R7, EventLayout.FLAGS, 0);
    if (sending) {
      freshSent();
      return;
    }
    site.copyTcp(code, 8, kernel.tcp().bytesReceived(), Slots.BYTES_RECEIVED);
    code.load(U32, R1, R7, Slots.RECEIVED_NEXT)
        .load(U32, R3, R7, EventLayout.RECEIVED)
        .compute(R1, SUBTRACT, R3)
        .compute(R1, SHIFT_LEFT, 32)
        .compute(R1, SHIFT_RIGHT, 32)
        .load(U64, R3, R7, Slots.BYTES_RECEIVED)
        .compute(R3, SUBTRACT, R1)
        .jumpIf(R3, ABOVE, R8, "not-fresh")
        .store(U8, R7, EventLayout.FLAGS, EventLayout.FLAG_FRESH)
        .label("not-fresh");
  }

  /**
   * The bytes written before these are those acknowledged and those that are not yet. The
   * acknowledged ones are counted last, so that one more may look written before, and never one
   * less. A handshake may count as one.
   */
  private void freshSent() {
    site.copyTcp(code, 4, kernel.tcp().unacknowledged(), Slots.UNACKNOWLEDGED);
    site.copyTcp(code, 8, kernel.tcp().bytesAcknowledged(), Slots.BYTES_ACKNOWLEDGED);
    code.load(U32, R1, R7, EventLayout.SENT)
        .compute(R1, SUBTRACT, R8)
        .load(U32, R3, R7, Slots.UNACKNOWLEDGED)
        .compute(R1, SUBTRACT, R3)
        .signExtend(R1)
        .load(U64, R3, R7, Slots.BYTES_ACKNOWLEDGED)
        .compute(R1, ADD, R3)
        .jumpIf(R1, ABOVE, 1, "not-fresh")
        .store(U8, R7, EventLayout.FLAGS, EventLayout.FLAG_FRESH)
        .label("not-fresh");
  }

  /**
   * A read that meets the end of the connection moves the position by one more than it has bytes.
   * That one is taken away again: a byte would seem to be missing, in the middle of a message.
   */
  private void end() {
    KernelLayout.Ending ending = kernel.socket().ending();
    code.load(U32, R1, R7, Slots.RECEIVED_NEXT)
        .load(U32, R3, R7, EventLayout.RECEIVED)
        .jumpIf(R1, NOT_EQUAL, R3, "not-ended");
    site.load(code, U8, R1, R6, ending.state());
    code.jumpIf(R1, EQUAL, TCP_CLOSE_WAIT, "ended")
        .jumpIf(R1, EQUAL, TCP_LAST_ACK, "ended")
        .jumpIf(R1, EQUAL, TCP_CLOSING, "ended")
        .jumpIf(R1, NOT_EQUAL, TCP_CLOSE, "not-ended");
    site.load(code, U32, R1, R6, ending.error());
    code.jumpIf(R1, NOT_EQUAL, 0, "not-ended") // a reset moves nothing
        .label("ended")
        .load(U32, R3, R7, EventLayout.RECEIVED)
        .compute(R3, ADD, -1)
        .store(U32, R7, EventLayout.RECEIVED, R3)
        .label("not-ended");
  }

  /** Marks what passed on a socket whose calls wait. */
  private void blocking() {
    KernelLayout.Owner owner = kernel.socket().owner();
    site.follow(code, R6, owner.socket(), owner.file(), owner.flags());
    code.compute(R1, AND, NON_BLOCKING)
        .jumpIf(R1, NOT_EQUAL, 0, "not-blocking")
        .load(U8, R1, R7, EventLayout.FLAGS)
        .compute(R1, OR, EventLayout.FLAG_BLOCKING)
        .store(U8, R7, EventLayout.FLAGS, R1)
        .label("not-blocking");
  }

  private void output() {
    code.label("output")
        .jumpIf(R9, ABOVE, Signature.MOST, "out")
        .store(U32, R7, EventLayout.LENGTH, R8);
    PayloadCopy.output(code, "done");
    code.load(U64, R1, R7, Slots.CUT)
        .jumpIf(R1, EQUAL, 0, "done")
        .jumpIf(R9, AT_LEAST, R8, "done")
        .jumpIf(R1, NOT_EQUAL, Slots.CUT_HEAD, "cut");
    Maps.count(code, Maps.COUNT_SHED, Slots.KEY, "counted-cut-head");
    code.jump("done").label("cut");
    Missing.CUT.count(code, Slots.IDS, Slots.KEY, "counted-cut");
  }

  private void put(Width width, int slot, int field) {
    code.load(U64, R1, FP, slot).store(width, R7, field, R1);
  }

  private void lookup(String map) {
    code.map(R1, map).move(R2, FP).compute(R2, ADD, Slots.KEY).call(Helper.MAP_LOOKUP);
  }
}
