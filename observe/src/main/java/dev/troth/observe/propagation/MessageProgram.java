package dev.troth.observe.propagation;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.SUBTRACT;
import static dev.troth.observe.bpf.Comparison.ABOVE;
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
 * Writes the program that sees each message of a followed connection before it is sent, and puts a
 * trace context behind the first line of a head.
 *
 * <p>A connection is followed from its first byte on, and as long as it is certain where the next
 * head begins: behind a head without a body, or behind the bytes that {@code Content-Length} names.
 * Positions in the stream tell, so that a send which took only a part is no matter. Where anything
 * is not certain (another protocol, chunks, an upgrade, a head in pieces, bytes behind the body)
 * the connection is left alone for good.
 *
 * <p>The line goes in only where nothing waits to be sent, and in one piece with the first line of
 * the head: then the kernel takes both or none of them, and a caller that is told of fewer bytes
 * than it gave is told the truth. The agent learns of each line by an event, which has its room
 * before the line is written: no line without an event.
 *
 * <p>Registers: R6 the message, R7 what is kept of the connection, R8 {@code struct tcp_sock}, then
 * the event; R9 a length.
 */
final class MessageProgram {
  private static final int PASS = 1;
  private static final int DROP = 0;
  private static final int NO_WAKEUP = 1;

  /** Fields of {@code struct sk_msg_md}. */
  private static final int DATA = 0;

  private static final int DATA_END = 8;
  private static final int SIZE = 68;
  private static final int SOCKET = 72;

  /** On the stack. */
  private static final int STREAM = -8;

  private static final int KEY = -16;
  private static final int BELOW_SAMPLED = -24;
  private static final int LOW = -32;

  /** The longest first line. */
  private static final int MOST_LINE = 1_023;

  private static final int PAGE = 4_096;

  private static final int EVENT_BYTES = EventLayout.HEADER + 72;

  private final StreamLayout stream;
  private final Assembler code = new Assembler("troth_message");

  private MessageProgram(StreamLayout stream) {
    this.stream = stream;
  }

  static Program write(StreamLayout stream) {
    return new MessageProgram(stream).write();
  }

  private Program write() {
    connection();
    boundary();
    text();
    HeadScan.scan(code, stream.loop());
    HeadScan.length(code);
    follow();
    room();
    event();
    HeaderText.write(code, EventLayout.HEADER, BELOW_SAMPLED, LOW);
    insert();
    code.label("leave")
        .store(U32, R7, Outgoing.STATE, Outgoing.LEFT_ALONE)
        .label("pass")
        .move(R0, PASS)
        .exit();
    return code.assemble();
  }

  private void connection() {
    code.move(R6, R1)
        .load(U64, R8, R6, SOCKET)
        .jumpIf(R8, EQUAL, 0, "pass")
        .map(R1, Outgoing.MAP)
        .move(R2, R8)
        .move(R3, 0)
        .move(R4, 0)
        .call(Helper.SK_STORAGE_GET)
        .jumpIf(R0, EQUAL, 0, "pass")
        .move(R7, R0)
        .load(U32, R9, R7, Outgoing.STATE)
        .jumpIf(R9, EQUAL, Outgoing.LEFT_ALONE, "pass")
        .move(R1, R8)
        .call(Helper.SKC_TO_TCP_SOCK)
        .jumpIf(R0, EQUAL, 0, "pass")
        .move(R8, R0)
        .store(U64, FP, STREAM, R8)
        .load(U32, R2, R6, SIZE)
        .store(U32, R7, Outgoing.SIZE, R2)
        .load(U32, R3, R8, stream.written())
        .store(U32, R7, Outgoing.CURRENT, R3)
        .store(U32, R7, Outgoing.FIRST, 0);
  }

  /** Goes on at {@code begins} where the message begins with a head. */
  private void boundary() {
    code.jumpIf(R9, NOT_EQUAL, Outgoing.NEW, "followed")
        .load(U32, R1, R8, stream.acknowledged())
        .compute(R3, SUBTRACT, R1)
        .signExtend(R3)
        .load(U64, R1, R8, stream.bytesAcknowledged())
        .compute(R3, ADD, R1)
        .jumpIf(R3, ABOVE, 1, "leave") // a handshake may count as one
        .store(U32, R7, Outgoing.STATE, Outgoing.FOLLOWED)
        .store(U32, R7, Outgoing.FIRST, 1)
        .jump("begins")
        .label("followed")
        .load(U32, R1, R7, Outgoing.BEGAN)
        .jumpIf(R3, EQUAL, R1, "begins") // once more: nothing of it was taken
        .load(U32, R1, R7, Outgoing.HEAD_AT)
        .compute(R1, SUBTRACT, R3)
        .signExtend(R1)
        .jumpIf(R1, EQUAL, 0, "begins")
        .jumpIf(R1, S_AT_MOST, 0, "leave")
        .jumpIf(R2, AT_MOST, R1, "pass") // the body goes on
        .jump("leave")
        .label("begins");
  }

  /** Copies the beginning of the message, which must lie in one piece, to the text. */
  private void text() {
    code.load(U32, R9, R7, Outgoing.SIZE)
        .jumpIf(R9, AT_MOST, Outgoing.MOST, "short")
        .move(R9, Outgoing.MOST)
        .label("short");
    piece();
    code.jumpIf(R2, AT_LEAST, R9, "in-one-piece")
        .move(R1, R6)
        .move(R2, 0)
        .move(R3, R9)
        .move(R4, 0)
        .call(Helper.MSG_PULL_DATA)
        .jumpIf(R0, NOT_EQUAL, 0, "leave");
    piece();
    code.jumpIf(R2, BELOW, R9, "leave")
        .label("in-one-piece")
        .load(U64, R3, R6, DATA)
        .move(R1, R7)
        .compute(R1, ADD, Outgoing.TEXT)
        .move(R2, R9)
        .call(Helper.PROBE_READ_KERNEL)
        .jumpIf(R0, NOT_EQUAL, 0, "leave")
        .store(U32, R7, Outgoing.COPIED, R9);
  }

  /** How many bytes lie in one piece, in R2. */
  private void piece() {
    code.load(U64, R2, R6, DATA_END).load(U64, R1, R6, DATA).compute(R2, SUBTRACT, R1);
  }

  /** The head is known, its body's length is in R9. */
  private void follow() {
    code.load(U32, R1, R7, Outgoing.HEAD)
        .compute(R1, ADD, R9)
        .load(U32, R2, R7, Outgoing.SIZE)
        .jumpIf(R2, ABOVE, R1, "leave") // something lies behind the body
        .load(U32, R3, R7, Outgoing.CURRENT)
        .store(U32, R7, Outgoing.BEGAN, R3)
        .compute(R3, ADD, R1)
        .store(U32, R7, Outgoing.HEAD_AT, R3);
  }

  /** Whether a line may be put in now; its place is in R9. */
  private void room() {
    code.load(U32, R1, R7, Outgoing.TRACED)
        .jumpIf(R1, NOT_EQUAL, 0, "pass")
        .load(U32, R9, R7, Outgoing.LINE)
        .jumpIf(R9, BELOW, 16, "leave")
        .jumpIf(R9, ABOVE, MOST_LINE, "pass")
        .move(R1, R7)
        .compute(R1, ADD, R9)
        .load(U64, R2, R1, Outgoing.TEXT - 10)
        .constant(R3, HeadScan.word("HTTP/1.1"))
        .jumpIf(R2, NOT_EQUAL, R3, "leave")
        .load(U8, R2, R1, Outgoing.TEXT - 11)
        .jumpIf(R2, NOT_EQUAL, ' ', "leave")
        .load(U64, R8, FP, STREAM)
        .load(U32, R1, R8, stream.sent())
        .load(U32, R2, R8, stream.written())
        .jumpIf(R1, NOT_EQUAL, R2, "pass")
        .load(U32, R1, R8, stream.segment())
        .move(R2, R9)
        .compute(R2, ADD, HeaderText.BYTES)
        .jumpIf(R2, ABOVE, R1, "pass")
        .load(U64, R1, R8, stream.above())
        .jumpIf(R1, NOT_EQUAL, 0, "leave") // something encrypts below
        .store(U32, FP, KEY, 0)
        .map(R1, Outgoing.SETTINGS)
        .move(R2, FP)
        .compute(R2, ADD, KEY)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "pass")
        .load(U32, R1, R0, Outgoing.ACTIVE)
        .jumpIf(R1, EQUAL, 0, "pass")
        .load(U64, R1, R0, Outgoing.SAMPLED_BELOW)
        .store(U64, FP, BELOW_SAMPLED, R1);
  }

  private void event() {
    code.map(R1, Capture.RING)
        .move(R2, EVENT_BYTES)
        .move(R3, 0)
        .call(Helper.RINGBUF_RESERVE)
        .jumpIf(R0, EQUAL, 0, "pass")
        .move(R8, R0);
    for (int at = 0; at < EVENT_BYTES; at += 8) {
      code.store(U64, R8, at, 0);
    }
    code.store(U8, R8, EventLayout.KIND, EventKind.INJECTED.code())
        .store(U32, R8, EventLayout.LENGTH, R9)
        .store(U32, R8, EventLayout.CAPTURED, HeaderText.BYTES)
        .call(Helper.KTIME_GET_NS)
        .store(U64, R8, EventLayout.TIME, R0)
        .call(Helper.GET_CURRENT_PID_TGID)
        .store(U64, R8, EventLayout.THREAD, R0);
    copy(U64, Outgoing.COOKIE, EventLayout.COOKIE);
    copy(U32, Outgoing.CURRENT, EventLayout.SENT);
    code.load(U32, R1, R7, Outgoing.FIRST).store(U8, R8, EventLayout.FLAGS, R1);
  }

  private void copy(Width width, int from, int to) {
    code.load(width, R1, R7, from).store(width, R8, to, R1);
  }

  private void insert() {
    code.move(R1, R6)
        .move(R2, R9)
        .move(R3, HeaderText.BYTES)
        .move(R4, 0)
        .call(Helper.MSG_PUSH_DATA)
        .jumpIf(R0, NOT_EQUAL, 0, "unchanged");
    // A short message goes in one piece, a long one in two, of which the line is in the first.
    code.load(U32, R3, R7, Outgoing.SIZE)
        .jumpIf(R3, AT_MOST, PAGE - HeaderText.BYTES, "whole")
        .move(R3, R9)
        .label("whole")
        .move(R2, 0);
    pull();
    code.jumpIf(R0, NOT_EQUAL, 0, "apart").move(R3, R9).compute(R3, AND, MOST_LINE);
    within("apart");
    code.jump("write").label("apart");
    code.move(R2, R9).move(R3, R9);
    pull();
    code.jumpIf(R0, NOT_EQUAL, 0, "undo").move(R3, 0);
    within("undo");
    code.label("write");
    for (int at = 0; at < 64; at += 8) {
      code.load(U64, R2, R8, EventLayout.HEADER + at).store(U64, R1, at, R2);
    }
    code.load(U32, R2, R8, EventLayout.HEADER + 64)
        .store(U32, R1, 64, R2)
        .load(Width.U16, R2, R8, EventLayout.HEADER + 68)
        .store(Width.U16, R1, 68, R2)
        .load(U32, R1, R7, Outgoing.HEAD_AT)
        .compute(R1, ADD, HeaderText.BYTES)
        .store(U32, R7, Outgoing.HEAD_AT, R1)
        .move(R1, R8)
        .move(R2, NO_WAKEUP)
        .call(Helper.RINGBUF_SUBMIT)
        .jump("pass");
    code.label("undo")
        .move(R1, R6)
        .move(R2, R9)
        .move(R3, HeaderText.BYTES)
        .move(R4, 0)
        .call(Helper.MSG_POP_DATA)
        .move(R9, R0);
    discard();
    code.jumpIf(R9, EQUAL, 0, "pass").move(R0, DROP).exit();
    code.label("unchanged");
    discard();
    code.jump("pass");
  }

  private void discard() {
    code.move(R1, R8).move(R2, NO_WAKEUP).call(Helper.RINGBUF_DISCARD);
  }

  /** Brings the bytes from R2 to R3 and the line into one piece. */
  private void pull() {
    code.move(R1, R6).compute(R3, ADD, HeaderText.BYTES).move(R4, 0).call(Helper.MSG_PULL_DATA);
  }

  /** The address of the line, R3 bytes into the piece, in R1; else goes to the label. */
  private void within(String otherwise) {
    code.load(U64, R1, R6, DATA)
        .load(U64, R2, R6, DATA_END)
        .compute(R1, ADD, R3)
        .move(R3, R1)
        .compute(R3, ADD, HeaderText.BYTES)
        .jumpIf(R3, ABOVE, R2, otherwise);
  }
}
