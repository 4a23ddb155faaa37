package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.OR;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Comparison.S_AT_MOST;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R6;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.capture.TlsPrograms.CALL;
import static dev.troth.observe.capture.TlsPrograms.ENTERED;
import static dev.troth.observe.capture.TlsPrograms.IDS;
import static dev.troth.observe.capture.TlsPrograms.SESSION;
import static dev.troth.observe.capture.TlsPrograms.begun;
import static dev.troth.observe.capture.TlsPrograms.delete;
import static dev.troth.observe.capture.TlsPrograms.find;
import static dev.troth.observe.capture.TlsPrograms.freed;
import static dev.troth.observe.capture.TlsPrograms.hidden;
import static dev.troth.observe.capture.TlsPrograms.moved;
import static dev.troth.observe.capture.TlsPrograms.onlyTargets;
import static dev.troth.observe.capture.TlsPrograms.returned;
import static dev.troth.observe.capture.TlsPrograms.touch;
import static dev.troth.observe.capture.TlsPrograms.update;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.bpf.Program;
import dev.troth.observe.capture.TlsPrograms.Caller;
import dev.troth.observe.kernel.Architecture;

/**
 * Writes the programs at the functions of Go's {@code crypto/tls}, which are as those at OpenSSL's
 * but for three things. A goroutine may wake up on another thread, so it is the goroutine that is
 * in a call; the socket programs know it by the same register. Returns are places of their own,
 * because Go moves its stacks and nothing may be put on them. And one goroutine may read an answer
 * before another one's write has returned, so writes are told of when they begin.
 */
final class GoTlsPrograms {
  static final int GOROUTINE = -104;

  /** Goroutines lie at multiples of 2^5, below 2^47; processes have numbers below 2^22. */
  private static final int GOROUTINE_ALIGNED = 5;

  private static final int GOROUTINE_BITS = 47;

  private static final int PROCESS_SHIFT = GOROUTINE_BITS - GOROUTINE_ALIGNED;

  private GoTlsPrograms() {}

  /** Puts process and goroutine as one number into the slot, from the address in R1. */
  static void goroutine(Assembler code, int ids, int slot) {
    code.compute(R1, SHIFT_LEFT, Long.SIZE - GOROUTINE_BITS)
        .compute(R1, SHIFT_RIGHT, Long.SIZE - GOROUTINE_BITS + GOROUTINE_ALIGNED)
        .load(U64, R2, FP, ids)
        .compute(R2, SHIFT_RIGHT, 32)
        .compute(R2, SHIFT_LEFT, PROCESS_SHIFT)
        .compute(R1, OR, R2)
        .store(U64, FP, slot, R1);
  }

  /** At the beginning of {@code crypto/tls.(*Conn).Read}, whose arguments are in registers. */
  static Program reading(KernelLayout kernel) {
    Assembler code = new Assembler("troth_go_read");
    callOfGo(code, kernel, false);
    return begun(code, Caller.GO, false);
  }

  /**
   * At the beginning of {@code crypto/tls.(*Conn).Write}, which writes all or ends the connection.
   * It is told of before it does: another goroutine may read the answer before this one wakes up.
   */
  static Program writing(KernelLayout kernel) {
    Assembler code = new Assembler("troth_go_write");
    KernelLayout.Registers registers = kernel.registers();
    callOfGo(code, kernel, true);
    boolean x86 = kernel.architecture() == Architecture.X86_64;
    code.load(U64, R8, R6, x86 ? registers.fourthOfFunction() : registers.third()).signExtend(R8);
    update(code, Maps.GO_WRITES, GOROUTINE, CALL);
    update(code, Maps.GO_INSIDE, GOROUTINE, CALL);
    code.load(U64, R9, FP, CALL + 8)
        .load(U64, R1, FP, CALL + 16)
        .store(U64, FP, ENTERED, R1)
        .load(U64, R1, FP, CALL)
        .store(U64, FP, SESSION, R1)
        .jumpIf(R8, S_AT_MOST, 0, "out");
    return moved(code, true);
  }

  /**
   * Notes session, buffer and time. A function begins again when its stack has grown: the same call
   * that comes twice is not told of again.
   */
  private static void callOfGo(Assembler code, KernelLayout kernel, boolean sending) {
    KernelLayout.Registers registers = kernel.registers();
    code.move(R6, R1);
    onlyTargets(code);
    ofGoroutine(code, kernel);
    code.load(U64, R1, R6, registers.result())
        .store(U64, FP, CALL, R1)
        .load(U64, R1, R6, registers.secondOfGo())
        .store(U64, FP, CALL + 8, R1)
        .store(U64, FP, CALL + 24, 0)
        .call(Helper.KTIME_GET_NS)
        .store(U64, FP, CALL + 16, R0);
    find(code, Caller.GO.calls(sending), GOROUTINE);
    code.jumpIf(R0, EQUAL, 0, "alone")
        .load(U64, R1, R0, 0)
        .load(U64, R2, FP, CALL)
        .jumpIf(R1, EQUAL, R2, "out");
    hidden(code, Caller.GO, sending);
  }

  static void ofGoroutine(Assembler code, KernelLayout kernel) {
    code.load(U64, R1, R6, kernel.registers().goroutine());
    goroutine(code, IDS, GOROUTINE);
  }

  /**
   * At the beginning of {@code crypto/tls.(*Conn).clientHandshake} and {@code serverHandshake}:
   * what they read of the socket may be the first request already.
   */
  static Program handshaking(KernelLayout kernel) {
    Assembler code = new Assembler("troth_go_shake");
    code.move(R6, R1);
    onlyTargets(code);
    ofGoroutine(code, kernel);
    code.load(U64, R1, R6, kernel.registers().result())
        .store(U64, FP, CALL, R1)
        .call(Helper.KTIME_GET_NS)
        .store(U64, FP, CALL + 16, R0);
    update(code, Caller.GO.inside, Caller.GO.key, CALL);
    touch(code, false);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** At an instruction that returns from a handshake, which may lie in a read or write. */
  static Program shaken(KernelLayout kernel) {
    Assembler code = new Assembler("troth_go_shook");
    code.move(R6, R1);
    onlyTargets(code);
    ofGoroutine(code, kernel);
    for (boolean sending : new boolean[] {false, true}) {
      find(code, Caller.GO.calls(sending), Caller.GO.key);
      code.jumpIf(R0, NOT_EQUAL, 0, "out");
    }
    delete(code, Caller.GO.inside, Caller.GO.key);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** At an instruction that returns from a read of {@code crypto/tls}. */
  static Program read(KernelLayout kernel) {
    return returned(kernel, Caller.GO, false, "troth_go_recv", false);
  }

  /** At an instruction that returns from a write. */
  static Program written(KernelLayout kernel) {
    Assembler code = new Assembler("troth_go_sent");
    code.move(R6, R1);
    onlyTargets(code);
    ofGoroutine(code, kernel);
    delete(code, Maps.GO_INSIDE, GOROUTINE);
    delete(code, Maps.GO_WRITES, GOROUTINE);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** When {@code crypto/tls.(*Conn).Close} begins. */
  static Program closed(KernelLayout kernel) {
    return freed("troth_go_close", kernel.registers().result());
  }
}
