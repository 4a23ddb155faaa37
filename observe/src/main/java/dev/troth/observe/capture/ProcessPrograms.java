package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
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

/**
 * Writes the small programs that follow processes and connections: who begins to listen, who ends a
 * connection, which target forks, starts another program or ends. They run only when that happens.
 */
final class ProcessPrograms {
  private static final int ESTABLISHED = 1;
  private static final int LISTEN = 10;
  private static final int FIN_WAIT1 = 4;
  private static final int CLOSE = 7;
  private static final int LAST_ACK = 9;
  private static final int NO_WAKEUP = 1;

  private static final int KEY = -8;
  private static final int VALUE = -16;

  /** The event is put together on the stack, below the slots of the hook sites. */
  private static final int EVENT = Slots.NEW_STATE - EventLayout.HEADER;

  private ProcessPrograms() {}

  /** On {@code inet_sock_set_state}(sock, old, new). */
  static Program socketState(KernelLayout kernel, HookSite site) {
    Assembler code = new Assembler("troth_state");
    code.load(U64, R6, R1, 0).load(U64, R8, R1, 16).signExtend(R8);
    clearEvent(code);
    code.jumpIf(R8, EQUAL, LISTEN, "listening")
        .jumpIf(R8, EQUAL, ESTABLISHED, "new")
        .jumpIf(R8, EQUAL, FIN_WAIT1, "ending")
        .jumpIf(R8, EQUAL, LAST_ACK, "ending")
        .jumpIf(R8, NOT_EQUAL, CLOSE, "out");
    code.label("ending").store(U32, R7, EventLayout.LENGTH, R8);
    site.endingState(code);
    // Also of what nobody reads: until its end is told it would be remembered.
    code.store(U8, R7, EventLayout.KIND, EventKind.CLOSED.code());
    site.endingCookie(code, EventLayout.COOKIE);
    site.endingTcp(code);
    site.copy(code, 4, R8, kernel.tcp().written(), EventLayout.SENT);
    site.copy(code, 4, R8, kernel.tcp().copied(), EventLayout.RECEIVED);
    code.jump("write").label("new");
    site.forget(code);
    code.jump("out");
    code.label("listening");
    site.load(code, U16, R1, R6, kernel.socket().localPort());
    code.store(U16, R7, EventLayout.LOCAL_PORT, R1)
        .store(U8, R7, EventLayout.KIND, EventKind.LISTENING.code())
        .call(Helper.GET_CURRENT_PID_TGID)
        .store(U64, R7, EventLayout.THREAD, R0);
    code.label("write");
    writeEvent(code);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** On {@code sched_process_fork}(parent, child): a target's child is a target at once. */
  static Program fork(KernelLayout kernel, HookSite site) {
    Assembler code = new Assembler("troth_fork");
    code.load(U64, R6, R1, 0).load(U64, R8, R1, 8);
    clearEvent(code);
    site.load(code, U32, R9, R6, kernel.taskProcess());
    site.load(code, U32, R8, R8, kernel.taskProcess());
    code.move(R1, R9)
        .jumpIf(R1, EQUAL, R8, "out") // a thread
        .store(U32, FP, KEY, R1)
        .store(U32, R7, EventLayout.THREAD, R1);
    lookup(code, Maps.TARGETS);
    code.jumpIf(R0, EQUAL, 0, "out")
        .load(U32, R1, R0, 0)
        .store(U32, FP, VALUE, R1)
        .store(U32, FP, KEY, R8)
        .map(R1, Maps.TARGETS)
        .move(R2, FP)
        .compute(R2, ADD, KEY)
        .move(R3, FP)
        .compute(R3, ADD, VALUE)
        .move(R4, 0)
        .call(Helper.MAP_UPDATE)
        .store(U32, R7, EventLayout.PROCESS, R8)
        .store(U8, R7, EventLayout.KIND, EventKind.FORKED.code());
    writeEvent(code);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** On {@code sched_process_exec}(task, ...): any process may have become a target. */
  static Program execute(KernelLayout kernel, HookSite site) {
    Assembler code = new Assembler("troth_exec");
    code.load(U64, R6, R1, 0);
    clearEvent(code);
    site.load(code, U32, R1, R6, kernel.taskProcess());
    code.store(U32, R7, EventLayout.PROCESS, R1)
        .store(U8, R7, EventLayout.KIND, EventKind.EXECUTED.code());
    writeEvent(code);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** On {@code sched_process_exit}(task): its number may be given to another process next. */
  static Program exit(KernelLayout kernel, HookSite site) {
    Assembler code = new Assembler("troth_exit");
    code.load(U64, R6, R1, 0);
    clearEvent(code);
    site.load(code, U32, R8, R6, kernel.taskProcess());
    site.load(code, U32, R1, R6, kernel.taskThread());
    code.jumpIf(R1, NOT_EQUAL, R8, "out")
        .store(U32, FP, KEY, R1)
        .store(U32, R7, EventLayout.PROCESS, R1);
    lookup(code, Maps.TARGETS);
    code.jumpIf(R0, EQUAL, 0, "out")
        .map(R1, Maps.TARGETS)
        .move(R2, FP)
        .compute(R2, ADD, KEY)
        .call(Helper.MAP_DELETE)
        .store(U8, R7, EventLayout.KIND, EventKind.EXITED.code());
    writeEvent(code);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  private static void clearEvent(Assembler code) {
    code.move(R7, FP).compute(R7, ADD, EVENT);
    for (int at = 0; at < EventLayout.HEADER; at += 8) {
      code.store(U64, R7, at, 0);
    }
  }

  private static void writeEvent(Assembler code) {
    code.call(Helper.KTIME_GET_NS)
        .store(U64, R7, EventLayout.TIME, R0)
        .map(R1, Maps.RING)
        .move(R2, R7)
        .move(R3, EventLayout.HEADER)
        .move(R4, NO_WAKEUP)
        .call(Helper.RINGBUF_OUTPUT)
        .jumpIf(R0, EQUAL, 0, "out");
    Maps.count(code, Maps.COUNT_LOST, KEY, "counted-lost");
  }

  private static void lookup(Assembler code, String map) {
    code.map(R1, map).move(R2, FP).compute(R2, ADD, KEY).call(Helper.MAP_LOOKUP);
  }
}
