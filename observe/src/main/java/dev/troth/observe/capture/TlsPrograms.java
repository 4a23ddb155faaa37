package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.AT_LEAST;
import static dev.troth.observe.bpf.Comparison.AT_MOST;
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
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.bpf.Program;

/**
 * Writes the programs at OpenSSL's {@code SSL_read}, {@code SSL_write}, their {@code _ex} forms,
 * {@code SSL_do_handshake} and {@code SSL_free}, where what TLS protects is plain. A call's
 * arguments are kept until it returns, because only then it is known how much was read or taken.
 * The positions count plain bytes.
 *
 * <p>While a call lasts, its session is the one that its thread is in: what passes on a socket
 * meanwhile belongs to it, as the socket programs note. A call within another of the same kind, as
 * with TLS inside TLS, hides the end of the outer one; that one's positions then get a gap, so that
 * nobody takes what follows for the whole.
 *
 * <p>They may be interrupted by others on the same processor, so an event is put together in the
 * ring itself, in room of one of two sizes.
 */
final class TlsPrograms {
  /** The most bytes of one call that are kept: one record of TLS. */
  private static final int MOST = 16_383;

  private static final int FEW = 1_023;
  private static final int TAIL_BYTES = 8;
  private static final int WORD_BYTES = 8;
  private static final int NO_WAKEUP = 1;

  /** A handshake takes a few calls; later ones tell nothing new. */
  private static final int FIRST_CALLS = 32;

  static final int IDS = -8;

  /** Session, buffer, time, and where the number of bytes is put. */
  static final int CALL = -40;

  static final int SESSION = -56;
  private static final int NEW_SESSION = -72;
  private static final int KEY = -80;
  static final int ENTERED = -88;
  private static final int MOVED = -96;

  /** Who makes a call of TLS, where the call and its arguments are kept meanwhile. */
  enum Caller {
    /** A thread calls OpenSSL. */
    THREAD(Maps.TLS_READS, Maps.TLS_WRITES, Maps.TLS_INSIDE, IDS),
    /** A goroutine calls {@code crypto/tls}, and may wake up on another thread in between. */
    GO(Maps.GO_READS, Maps.GO_WRITES, Maps.GO_INSIDE, GoTlsPrograms.GOROUTINE);

    private final String reads;
    private final String writes;
    final String inside;
    final int key;

    Caller(String reads, String writes, String inside, int key) {
      this.reads = reads;
      this.writes = writes;
      this.inside = inside;
      this.key = key;
    }

    String calls(boolean sending) {
      return sending ? writes : reads;
    }
  }

  private TlsPrograms() {}

  /**
   * At the beginning of a read or write. The first ones of a session are told of before they do
   * anything, so that the agent learns on which socket it lies: others may happen within one.
   */
  static Program entered(KernelLayout kernel, boolean sending) {
    Assembler code = new Assembler(sending ? "troth_tls_write" : "troth_tls_read");
    KernelLayout.Registers registers = kernel.registers();
    code.move(R6, R1);
    onlyTargets(code);
    code.load(U64, R1, R6, registers.first())
        .store(U64, FP, CALL, R1)
        .load(U64, R1, R6, registers.second())
        .store(U64, FP, CALL + 8, R1)
        .load(U64, R1, R6, kernel.registers().fourthOfFunction())
        .store(U64, FP, CALL + 24, R1)
        .call(Helper.KTIME_GET_NS)
        .store(U64, FP, CALL + 16, R0);
    hidden(code, Caller.THREAD, sending);
    return begun(code, Caller.THREAD, sending);
  }

  static Program begun(Assembler code, Caller caller, boolean sending) {
    update(code, caller.calls(sending), caller.key, CALL);
    update(code, caller.inside, caller.key, CALL);
    touch(code, sending);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** A call whose end was not seen, because this one lies in it, leaves a gap in its session. */
  static void hidden(Assembler code, Caller caller, boolean sending) {
    find(code, caller.calls(sending), caller.key);
    code.jumpIf(R0, EQUAL, 0, "alone").load(U64, R1, R0, 0).store(U64, FP, SESSION, R1);
    sessionKey(code);
    find(code, Maps.TLS_SESSIONS, SESSION);
    code.jumpIf(R0, EQUAL, 0, "alone");
    for (int counter : new int[] {0, 4}) {
      code.load(U32, R1, R0, counter).compute(R1, ADD, 1).store(U32, R0, counter, R1);
    }
    code.label("alone");
  }

  /** At the beginning of a handshake. */
  static Program handshaking(KernelLayout kernel) {
    Assembler code = new Assembler("troth_tls_shake");
    code.move(R6, R1);
    onlyTargets(code);
    code.load(U64, R1, R6, kernel.registers().first())
        .store(U64, FP, CALL, R1)
        .call(Helper.KTIME_GET_NS)
        .store(U64, FP, CALL + 16, R0);
    update(code, Maps.TLS_INSIDE, IDS, CALL);
    touch(code, false);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** At the end of a handshake. */
  static Program shaken() {
    Assembler code = new Assembler("troth_tls_shook");
    onlyTargets(code);
    delete(code, Maps.TLS_INSIDE, IDS);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  static void touch(Assembler code, boolean sending) {
    code.load(U64, R1, FP, CALL).store(U64, FP, SESSION, R1);
    session(code);
    code.load(U32, R1, R6, 8)
        .jumpIf(R1, AT_LEAST, FIRST_CALLS, "out")
        .compute(R1, ADD, 1)
        .store(U32, R6, 8, R1);
    reserve(code, 0, "touch");
    head(code, sending ? EventKind.TLS_SENT : EventKind.TLS_RECEIVED);
    code.load(U64, R1, FP, CALL + 16).store(U64, R7, EventLayout.ENTERED, R1);
    submit(code);
  }

  /** At the end of a read or write that returns the number of bytes. */
  static Program returned(KernelLayout kernel, boolean sending) {
    return returned(
        kernel, Caller.THREAD, sending, sending ? "troth_tls_sent" : "troth_tls_recv", false);
  }

  /** At the end of one that returns whether it succeeded, and puts the number in memory. */
  static Program returnedEx(KernelLayout kernel, boolean sending) {
    return returned(
        kernel, Caller.THREAD, sending, sending ? "troth_tls_sentx" : "troth_tls_recvx", true);
  }

  static Program returned(
      KernelLayout kernel, Caller caller, boolean sending, String name, boolean apart) {
    Assembler code = new Assembler(name);
    code.move(R6, R1);
    onlyTargets(code);
    if (caller == Caller.GO) {
      GoTlsPrograms.ofGoroutine(code, kernel);
    }
    delete(code, caller.inside, caller.key);
    find(code, caller.calls(sending), caller.key);
    code.jumpIf(R0, EQUAL, 0, "out")
        .load(U64, R1, R0, 0)
        .store(U64, FP, SESSION, R1)
        .load(U64, R9, R0, 8)
        .load(U64, R1, R0, 16)
        .store(U64, FP, ENTERED, R1)
        .load(U64, R1, R0, 24)
        .store(U64, FP, MOVED, R1);
    delete(code, caller.calls(sending), caller.key);
    code.load(U64, R8, R6, kernel.registers().result())
        .signExtend(R8)
        .jumpIf(R8, S_AT_MOST, 0, "out");
    if (apart) {
      code.load(U64, R3, FP, MOVED)
          .store(U64, FP, MOVED, 0)
          .move(R1, FP)
          .compute(R1, ADD, MOVED)
          .move(R2, WORD_BYTES)
          .call(Helper.PROBE_READ_USER)
          .load(U64, R8, FP, MOVED)
          .signExtend(R8)
          .jumpIf(R8, S_AT_MOST, 0, "out");
    }
    return moved(code, sending);
  }

  /** Tells of the bytes of the session whose number is in R8 and whose buffer is in R9. */
  static Program moved(Assembler code, boolean sending) {
    session(code);
    int counter = sending ? 0 : 4;
    code.load(U32, R1, R6, counter).compute(R1, ADD, R8).store(U32, R6, counter, R1);
    code.jumpIf(R8, AT_MOST, FEW, "few");
    write(code, MOST, sending, "many");
    code.label("few");
    write(code, FEW, sending, "little");
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** At the end of a session. */
  static Program freed(KernelLayout kernel) {
    return freed("troth_tls_free", kernel.registers().first());
  }

  static Program freed(String name, int session) {
    Assembler code = new Assembler(name);
    code.move(R6, R1);
    onlyTargets(code);
    code.load(U64, R1, R6, session).store(U64, FP, SESSION, R1);
    sessionKey(code);
    delete(code, Maps.TLS_SESSIONS, SESSION);
    reserve(code, 0, "no-room");
    head(code, EventKind.TLS_ENDED);
    code.store(U32, R7, EventLayout.LENGTH, 0).store(U32, R7, EventLayout.CAPTURED, 0);
    submit(code);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  static void onlyTargets(Assembler code) {
    code.call(Helper.GET_CURRENT_PID_TGID)
        .store(U64, FP, IDS, R0)
        .compute(R0, SHIFT_RIGHT, 32)
        .store(U32, FP, KEY, R0)
        .map(R1, Maps.TARGETS)
        .move(R2, FP)
        .compute(R2, ADD, KEY)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "out");
  }

  /** Puts the address of the session's counters, new if there were none, into R6. */
  private static void session(Assembler code) {
    sessionKey(code);
    find(code, Maps.TLS_SESSIONS, SESSION);
    code.jumpIf(R0, NOT_EQUAL, 0, "session")
        .store(U64, FP, NEW_SESSION, 0)
        .store(U64, FP, NEW_SESSION + 8, 0);
    update(code, Maps.TLS_SESSIONS, SESSION, NEW_SESSION);
    find(code, Maps.TLS_SESSIONS, SESSION);
    code.jumpIf(R0, EQUAL, 0, "out").label("session").move(R6, R0);
  }

  private static void sessionKey(Assembler code) {
    code.load(U64, R1, FP, IDS).compute(R1, SHIFT_RIGHT, 32).store(U64, FP, SESSION + 8, R1);
  }

  static void find(Assembler code, String map, int key) {
    code.map(R1, map).move(R2, FP).compute(R2, ADD, key).call(Helper.MAP_LOOKUP);
  }

  static void delete(Assembler code, String map, int key) {
    code.map(R1, map).move(R2, FP).compute(R2, ADD, key).call(Helper.MAP_DELETE);
  }

  static void update(Assembler code, String map, int key, int value) {
    code.map(R1, map)
        .move(R2, FP)
        .compute(R2, ADD, key)
        .move(R3, FP)
        .compute(R3, ADD, value)
        .move(R4, 0)
        .call(Helper.MAP_UPDATE);
  }

  /** Writes the event of a call with the counters in R6, the buffer in R9 and the length in R8. */
  private static void write(Assembler code, int room, boolean sending, String label) {
    reserve(code, room, label);
    head(code, sending ? EventKind.TLS_SENT : EventKind.TLS_RECEIVED);
    code.store(U32, R7, EventLayout.LENGTH, R8)
        .load(U64, R1, FP, ENTERED)
        .store(U64, R7, EventLayout.ENTERED, R1)
        .load(U32, R1, R6, 0)
        .store(U32, R7, EventLayout.SENT, R1)
        .load(U32, R1, R6, 4)
        .store(U32, R7, EventLayout.RECEIVED, R1)
        .move(R2, R8)
        .jumpIf(R2, AT_MOST, room, label + "-fits")
        .move(R2, room)
        .label(label + "-fits")
        .compute(R2, AND, room)
        .store(U32, R7, EventLayout.CAPTURED, R2)
        .jumpIf(R2, EQUAL, 0, label + "-done")
        .move(R1, R7)
        .compute(R1, ADD, EventLayout.HEADER)
        .move(R3, R9)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, EQUAL, 0, label + "-done")
        .store(U32, R7, EventLayout.CAPTURED, 0)
        .label(label + "-done");
    if (room == MOST) {
      tail(code, label + "-whole");
    }
    submit(code);
    code.jump("out");
  }

  /** The last bytes of what was not kept whole tell whether a chunked body ends. */
  private static void tail(Assembler code, String label) {
    code.jumpIf(R8, AT_MOST, MOST, label)
        .store(U8, R7, EventLayout.TAIL_LENGTH, TAIL_BYTES)
        .move(R1, R7)
        .compute(R1, ADD, EventLayout.TAIL)
        .move(R2, TAIL_BYTES)
        .move(R3, R9)
        .compute(R3, ADD, R8)
        .compute(R3, ADD, -TAIL_BYTES)
        .call(Helper.PROBE_READ_USER)
        .label(label);
  }

  /** Puts room in the ring into R7, or counts the event as lost. */
  private static void reserve(Assembler code, int room, String label) {
    code.map(R1, Maps.RING)
        .move(R2, EventLayout.HEADER + room + 1)
        .move(R3, 0)
        .call(Helper.RINGBUF_RESERVE)
        .move(R7, R0)
        .jumpIf(R0, NOT_EQUAL, 0, label + "-room");
    Missing.LOST.count(code, IDS, KEY, label + "-lost");
    code.jump("out").label(label + "-room");
  }

  private static void head(Assembler code, EventKind kind) {
    for (int at = 0; at < EventLayout.HEADER; at += 8) {
      code.store(U64, R7, at, 0);
    }
    code.call(Helper.KTIME_GET_NS)
        .store(U64, R7, EventLayout.TIME, R0)
        .load(U64, R1, FP, SESSION)
        .store(U64, R7, EventLayout.COOKIE, R1)
        .load(U64, R1, FP, IDS)
        .store(U64, R7, EventLayout.THREAD, R1)
        .store(U8, R7, EventLayout.KIND, kind.code());
  }

  private static void submit(Assembler code) {
    code.move(R1, R7).move(R2, NO_WAKEUP).call(Helper.RINGBUF_SUBMIT);
    Maps.count(code, Maps.COUNT_EVENTS, KEY, "counted-" + code.size());
  }
}
