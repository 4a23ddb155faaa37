package dev.troth.observe.propagation;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
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
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.bpf.Program;
import dev.troth.observe.capture.Capture;

/**
 * Writes the programs that choose connections: the first marks the socket of a target that begins
 * to connect, in the caller's context; the second, where there is no caller, lets what the marked
 * ones send pass by the program of messages.
 */
final class ConnectionPrograms {
  private static final int SYN_SENT = 2;
  private static final int CREATE = 1;
  private static final int KEY = -8;

  /** Fields of {@code struct bpf_sock_ops}, and its operation "connected". */
  private static final int OPERATION = 0;

  private static final int REMOTE_PORT = 64;
  private static final int SOCKET = 184;
  private static final int ACTIVE_ESTABLISHED = 4;

  private ConnectionPrograms() {}

  /** On {@code inet_sock_set_state}(sock, old, new). */
  static Program connecting() {
    return new Assembler("troth_connect")
        .load(U64, R6, R1, 0)
        .load(U64, R1, R1, 16)
        .signExtend(R1)
        .jumpIf(R1, NOT_EQUAL, SYN_SENT, "out")
        .call(Helper.GET_CURRENT_PID_TGID)
        .compute(R0, SHIFT_RIGHT, 32)
        .store(U32, FP, KEY, R0)
        .map(R1, Capture.TARGETS)
        .move(R2, FP)
        .compute(R2, ADD, KEY)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "out")
        .map(R1, Outgoing.MAP)
        .move(R2, R6)
        .move(R3, 0)
        .move(R4, CREATE)
        .call(Helper.SK_STORAGE_GET)
        .jumpIf(R0, EQUAL, 0, "out")
        .move(R7, R0)
        .move(R1, R6)
        .call(Helper.GET_SOCKET_COOKIE)
        .store(U64, R7, Outgoing.COOKIE, R0)
        .store(U32, R7, Outgoing.STATE, Outgoing.NEW)
        .label("out")
        .move(R0, 0)
        .exit()
        .assemble();
  }

  /** On what happens to the connections of a control group. */
  static Program connected() {
    return new Assembler("troth_connected")
        .move(R6, R1)
        .load(U32, R1, R6, OPERATION)
        .jumpIf(R1, NOT_EQUAL, ACTIVE_ESTABLISHED, "out")
        .load(U64, R2, R6, SOCKET)
        .jumpIf(R2, EQUAL, 0, "out")
        .map(R1, Outgoing.MAP)
        .move(R3, 0)
        .move(R4, 0)
        .call(Helper.SK_STORAGE_GET)
        .jumpIf(R0, EQUAL, 0, "out")
        .load(U64, R1, R0, Outgoing.COOKIE)
        .store(U64, FP, KEY, R1)
        .store(U32, FP, KEY - 8, 0)
        .map(R1, Outgoing.SETTINGS)
        .move(R2, FP)
        .compute(R2, ADD, KEY - 8)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "out")
        .load(U32, R1, R0, Outgoing.LEFT_PORT)
        .load(U32, R2, R6, REMOTE_PORT)
        .jumpIf(R1, EQUAL, R2, "out")
        .move(R1, R6)
        .map(R2, Outgoing.SOCKETS)
        .move(R3, FP)
        .compute(R3, ADD, KEY)
        .move(R4, 0)
        .call(Helper.SOCK_HASH_UPDATE)
        .label("out")
        .move(R0, 1)
        .exit()
        .assemble();
  }
}
