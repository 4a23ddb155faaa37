package dev.troth.observe.log;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
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
import dev.troth.observe.bpf.Width;
import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.EventKind;
import dev.troth.observe.capture.EventLayout;

/**
 * Writes the program at the beginning of the C library's {@code write}. It tells of what goes to
 * standard output or error, or to a file that was opened for appending. Sockets of the network have
 * programs of their own. Lines give way to everything else: while the ring is half full they are
 * counted instead.
 *
 * <p>R6 registers of the caller, later the file; R7 the event; R8 length; R9 buffer.
 */
final class WriteProgram {
  /** Counts of what found no room, one a processor. */
  static final String LEFT = "troth_log_left";

  /** The most bytes of one call that are kept. */
  static final int MOST = 16_383;

  private static final int FEW = 1_023;
  private static final int NO_WAKEUP = 1;
  private static final int MOST_DESCRIPTORS = 1 << 16;
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  private static final int KIND_OF_FILE = 0xf000;
  private static final int SOCKET = 0xc000;
  private static final int REGULAR = 0x8000;

  /** {@code AF_UNIX}, as of a journal that takes the output. */
  private static final int UNIX = 1;

  /** {@code O_APPEND}. */
  private static final int APPENDING = 0x400;

  private static final int IDS = -8;
  private static final int KEY = -16;
  private static final int DESCRIPTOR = -24;
  private static final int PROBED = -32;
  private static final int INODE = -40;
  private static final int FILE_NUMBER = -48;

  private WriteProgram() {}

  /**
   * @param ringBytes the size of the ring
   */
  static Program write(WriteLayout kernel, int ringBytes) {
    Assembler code = new Assembler("troth_log");
    code.move(R6, R1)
        .call(Helper.GET_CURRENT_PID_TGID)
        .store(U64, FP, IDS, R0)
        .compute(R0, SHIFT_RIGHT, 32)
        .store(U32, FP, KEY, R0);
    lookup(code, Capture.TARGETS);
    code.jumpIf(R0, EQUAL, 0, "out")
        .load(U64, R8, R6, kernel.length())
        .jumpIf(R8, S_AT_MOST, 0, "out")
        .load(U64, R9, R6, kernel.buffer())
        .load(U32, R1, R6, kernel.descriptor())
        .jumpIf(R1, AT_LEAST, MOST_DESCRIPTORS, "out")
        .store(U64, FP, DESCRIPTOR, R1);
    file(code, kernel.files());
    code.map(R1, Capture.RING)
        .move(R2, 0)
        .call(Helper.RINGBUF_QUERY)
        .jumpIf(R0, AT_LEAST, ringBytes / 2, "left")
        .jumpIf(R8, AT_MOST, FEW, "few");
    event(code, MOST, "many");
    code.label("few");
    event(code, FEW, "little");
    code.label("left").store(U32, FP, KEY, 0);
    lookup(code, LEFT);
    code.jumpIf(R0, EQUAL, 0, "out").load(U64, R1, R0, 0).compute(R1, ADD, 1).store(U64, R0, 0, R1);
    return code.label("out").move(R0, 0).exit().assemble();
  }

  /** Goes on with files that hold lines; the inode's address is in its slot then. */
  private static void file(Assembler code, WriteLayout.Files files) {
    code.call(Helper.GET_CURRENT_TASK_BTF).move(R3, R0);
    follow(code, U64, files.taskFiles());
    code.load(U64, R3, FP, PROBED);
    follow(code, U64, files.table());
    code.load(U64, R3, FP, PROBED);
    follow(code, U64, files.descriptors());
    code.load(U64, R3, FP, PROBED)
        .load(U64, R1, FP, DESCRIPTOR)
        .compute(R1, SHIFT_LEFT, 3)
        .compute(R3, ADD, R1);
    follow(code, U64, 0);
    code.load(U64, R6, FP, PROBED).move(R3, R6);
    follow(code, U64, files.inode().of());
    code.load(U64, R3, FP, PROBED).store(U64, FP, INODE, R3);
    follow(code, U64, files.inode().number());
    code.load(U64, R1, FP, PROBED).store(U64, FP, FILE_NUMBER, R1).load(U64, R3, FP, INODE);
    follow(code, U16, files.inode().mode());
    code.load(U16, R7, FP, PROBED)
        .compute(R7, AND, KIND_OF_FILE)
        .load(U64, R1, FP, DESCRIPTOR)
        .jumpIf(R1, EQUAL, STANDARD_OUTPUT, "standard")
        .jumpIf(R1, EQUAL, STANDARD_ERROR, "standard")
        .jumpIf(R7, NOT_EQUAL, REGULAR, "out")
        .move(R3, R6);
    follow(code, U32, files.flags());
    code.load(U32, R1, FP, PROBED)
        .compute(R1, AND, APPENDING)
        .jumpIf(R1, EQUAL, 0, "out")
        .jump("lines")
        .label("standard")
        .jumpIf(R7, NOT_EQUAL, SOCKET, "lines")
        .move(R3, R6);
    follow(code, U64, files.socket().privateData());
    code.load(U64, R3, FP, PROBED);
    follow(code, U64, files.socket().socket());
    code.load(U64, R3, FP, PROBED);
    follow(code, U16, files.socket().family());
    code.load(U16, R1, FP, PROBED)
        .jumpIf(R1, NOT_EQUAL, UNIX, "out") // what answers over the network is no line
        .label("lines");
  }

  /** Reads a field behind the address in R3, or gives up. */
  private static void follow(Assembler code, Width width, int offset) {
    code.compute(R3, ADD, offset)
        .move(R1, FP)
        .compute(R1, ADD, PROBED)
        .move(R2, width.bytes())
        .call(Helper.PROBE_READ_KERNEL)
        .jumpIf(R0, NOT_EQUAL, 0, "out");
  }

  private static void event(Assembler code, int room, String label) {
    code.map(R1, Capture.RING)
        .move(R2, EventLayout.HEADER + room + 1)
        .move(R3, 0)
        .call(Helper.RINGBUF_RESERVE)
        .move(R7, R0)
        .jumpIf(R0, EQUAL, 0, "left");
    for (int at = 0; at < EventLayout.HEADER; at += 8) {
      code.store(U64, R7, at, 0);
    }
    code.call(Helper.KTIME_GET_NS)
        .store(U64, R7, EventLayout.TIME, R0)
        .load(U64, R1, FP, INODE)
        .store(U64, R7, EventLayout.COOKIE, R1)
        .load(U64, R1, FP, FILE_NUMBER)
        .store(U64, R7, EventLayout.FILE_NUMBER, R1)
        .load(U64, R1, FP, IDS)
        .store(U64, R7, EventLayout.THREAD, R1)
        .load(U64, R1, FP, DESCRIPTOR)
        .store(U32, R7, EventLayout.WRITTEN_TO, R1)
        .store(U8, R7, EventLayout.KIND, EventKind.LOGGED.code())
        .store(U32, R7, EventLayout.LENGTH, R8)
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
        .label(label + "-done")
        .move(R1, R7)
        .move(R2, NO_WAKEUP)
        .call(Helper.RINGBUF_SUBMIT)
        .jump("out");
  }

  private static void lookup(Assembler code, String map) {
    code.map(R1, map).move(R2, FP).compute(R2, ADD, KEY).call(Helper.MAP_LOOKUP);
  }
}
