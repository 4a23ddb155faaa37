package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.SUBTRACT;
import static dev.troth.observe.bpf.Comparison.AT_LEAST;
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
import static dev.troth.observe.bpf.Register.R5;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.CountedLoop;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.stream.Signature;
import java.util.Optional;

/**
 * Copies the segments one behind the other into the scratch buffer, up to the limit; of what was
 * not copied whole, the last bytes. What is kept of a message beyond one event follows in others.
 * Ends at {@code output}, with the header written before.
 */
final class PayloadCopy {
  static final int COPY_MASK = 0x7fff;
  private static final int POSITION_MASK = 0x7fff;
  private static final int NO_WAKEUP = 1;

  /**
   * How many segments are looked at where the kernel does not count in a loop, and its verifier
   * looks at each turn.
   */
  private static final int SEGMENTS = 64;

  /** The kernel takes 1,024 segments a call; a part of the message takes a turn more. */
  private static final int TURNS = 1_024 + Signature.MOST_IN_PARTS / Signature.MOST;

  private static final int TAIL_BYTES = 8;
  private static final int IOV_BYTES = 16;

  private final Assembler code;
  private final Optional<CountedLoop> loop;
  private final int position;

  private PayloadCopy(Assembler code, KernelLayout kernel, boolean sending) {
    this.code = code;
    this.loop = kernel.loop();
    this.position = sending ? EventLayout.SENT : EventLayout.RECEIVED;
  }

  static void copy(Assembler code, KernelLayout kernel, boolean sending) {
    PayloadCopy copy = new PayloadCopy(code, kernel, sending);
    copy.segments();
    copy.tail();
  }

  private void segments() {
    code.load(U32, R1, R7, position).store(U64, R7, Slots.STREAM_END, R1);
    nothing();
    segment();
    step("first", "torn");
    code.jumpIf(R1, EQUAL, 0, "gathered");
    loop.ifPresent(counted -> counted.begin(code, Slots.LOOP, TURNS));
    code.label("turn");
    turn();
    code.load(U64, R1, R7, Slots.NEXT_LENGTH).jumpIf(R1, EQUAL, 0, "next");
    part();
    code.jump("step")
        .label("next")
        .load(U64, R1, R7, Slots.SEGMENTS_LEFT)
        .jumpIf(R1, AT_MOST, 1, "turned")
        .compute(R1, ADD, -1)
        .store(U64, R7, Slots.SEGMENTS_LEFT, R1)
        .load(U64, R3, FP, Slots.SEGMENT_POINTER)
        .compute(R3, ADD, IOV_BYTES)
        .store(U64, FP, Slots.SEGMENT_POINTER, R3);
    CallMemory.segment(code, "torn-turn");
    segment();
    code.label("step");
    step("later", "torn-turn");
    code.jumpIf(R1, NOT_EQUAL, 0, "turn").label("turned");
    endTurns();
    code.jump("gathered").label("torn-turn");
    endTurns();
    code.label("torn");
    Missing.UNREADABLE.count(code, Slots.IDS, Slots.KEY, "counted-torn");
    code.load(U64, R1, FP, Slots.STATE)
        .load(U32, R1, R1, Maps.STATE_VERDICT)
        .jumpIf(R1, NOT_EQUAL, Maps.VERDICT_WATCHED, "out")
        .move(R9, 0)
        .jump("output");
  }

  /** Nothing is captured yet, though the verifier, to find its states alike, must not know. */
  private void nothing() {
    code.store(U64, R7, Slots.LAST_LENGTH, 0)
        .load(U64, R9, R7, Slots.LAST_LENGTH)
        .compute(R9, AND, COPY_MASK);
  }

  /** Goes on with the segment that was read, where the verifier does not follow it. */
  private void segment() {
    code.load(U64, R1, FP, Slots.IOV)
        .store(U64, R7, Slots.NEXT, R1)
        .load(U64, R1, FP, Slots.IOV_LENGTH)
        .store(U64, R7, Slots.NEXT_LENGTH, R1);
  }

  /** Another turn, or it is said that there were too many. */
  private void turn() {
    if (loop.isPresent()) {
      loop.get().next(code, Slots.LOOP, "turned");
      return;
    }
    code.load(U64, R1, FP, Slots.TURN)
        .compute(R1, ADD, 1)
        .store(U64, FP, Slots.TURN, R1)
        .jumpIf(R1, BELOW, SEGMENTS, "in-time")
        .load(U64, R1, FP, Slots.STATE)
        .load(U32, R1, R1, Maps.STATE_KEEP)
        .store(U64, R7, Slots.CUT, R1)
        .jump("turned")
        .label("in-time");
  }

  private void endTurns() {
    loop.ifPresent(counted -> counted.end(code, Slots.LOOP));
  }

  /**
   * Copies of this segment what fits, and passes over the rest unless it is kept in a later event.
   * Leaves in R1 how many bytes of the message come after it.
   */
  private void step(String name, String unreadable) {
    code.load(U64, R1, R7, Slots.NEXT_LENGTH)
        .load(U64, R5, R7, Slots.BYTES_LEFT)
        .jumpIf(R1, AT_MOST, R5, name + "-whole")
        .move(R1, R5)
        .label(name + "-whole")
        .store(U64, R7, Slots.LAST_LENGTH, R1)
        .load(U64, R2, R7, Slots.LIMIT)
        .compute(R2, SUBTRACT, R9)
        .jumpIf(R1, AT_MOST, R2, name + "-fits")
        .load(U64, R4, R7, Slots.KEPT_LATER)
        .jumpIf(R4, EQUAL, 0, name + "-passed")
        .move(R1, R2)
        .jump(name + "-passed")
        .label(name + "-fits")
        .move(R2, R1)
        .label(name + "-passed")
        // R1 bytes are done with, the first R2 of them by copying.
        .compute(R5, SUBTRACT, R1)
        .store(U64, R7, Slots.BYTES_LEFT, R5)
        .load(U64, R4, R7, Slots.NEXT_LENGTH)
        .compute(R4, SUBTRACT, R1)
        .store(U64, R7, Slots.NEXT_LENGTH, R4)
        .load(U64, R3, R7, Slots.NEXT)
        .compute(R1, ADD, R3)
        .store(U64, R7, Slots.NEXT, R1)
        .compute(R2, AND, COPY_MASK)
        .jumpIf(R2, EQUAL, 0, name + "-none")
        .move(R1, R9)
        .compute(R9, ADD, R2)
        .compute(R1, AND, POSITION_MASK)
        .compute(R1, ADD, R7)
        .compute(R1, ADD, EventLayout.HEADER)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, unreadable)
        .compute(R9, AND, COPY_MASK) // changes nothing; keeps the verifier's states alike
        .label(name + "-none")
        .load(U64, R1, R7, Slots.BYTES_LEFT);
  }

  /** The event is full and the message is not over: the rest of it comes in others. */
  private void part() {
    code.load(U64, R1, R7, Slots.STREAM_END)
        .compute(R1, SUBTRACT, R8)
        .compute(R1, ADD, R9)
        .store(U32, R7, position, R1)
        .store(U32, R7, EventLayout.LENGTH, R9);
    output(code, "part-lost");
    code.label("part-lost")
        .load(U64, R1, R7, Slots.STREAM_END)
        .store(U32, R7, position, R1)
        .store(U8, R7, EventLayout.CARRY, 0)
        .load(U8, R1, R7, EventLayout.FLAGS)
        .compute(R1, AND, ~EventLayout.FLAG_FRESH)
        .store(U8, R7, EventLayout.FLAGS, R1)
        .compute(R8, SUBTRACT, R9)
        .store(U64, R7, Slots.LAST_LENGTH, R8)
        .load(U64, R8, R7, Slots.LAST_LENGTH)
        .store(U64, FP, Slots.KEY, 0)
        .load(U64, R1, R7, Slots.KEPT_LATER)
        .move(R2, R1)
        .jumpIf(R2, AT_MOST, Signature.MOST, "last-part")
        .move(R2, Signature.MOST)
        .label("last-part")
        .store(U64, R7, Slots.LIMIT, R2)
        .compute(R1, SUBTRACT, R2)
        .store(U64, R7, Slots.KEPT_LATER, R1);
    nothing();
  }

  /** Puts the event with R9 bytes into the ring; goes to {@code lost} if there is no room. */
  static void output(Assembler code, String lost) {
    code.store(U32, R7, EventLayout.CAPTURED, R9)
        .move(R3, R9)
        .compute(R3, ADD, EventLayout.HEADER)
        .map(R1, Maps.RING)
        .move(R2, R7)
        .move(R4, NO_WAKEUP)
        .call(Helper.RINGBUF_OUTPUT)
        .jumpIf(R0, EQUAL, 0, lost + "-not");
    Missing.LOST.count(code, Slots.IDS, Slots.KEY, lost + "-counted");
    code.jump(lost).label(lost + "-not");
    Maps.count(code, Maps.COUNT_EVENTS, Slots.KEY, lost + "-written");
  }

  /** The last bytes of a message that was not captured whole tell whether a chunked body ends. */
  private void tail() {
    code.label("gathered")
        .jumpIf(R9, AT_LEAST, R8, "output")
        .load(U64, R1, R7, Slots.BYTES_LEFT)
        .jumpIf(R1, NOT_EQUAL, 0, "output")
        .load(U64, R2, R7, Slots.LAST_LENGTH)
        .jumpIf(R2, AT_MOST, TAIL_BYTES, "ending")
        .move(R2, TAIL_BYTES)
        .label("ending")
        .compute(R2, AND, 15)
        .store(U8, R7, EventLayout.TAIL_LENGTH, R2)
        .load(U64, R3, R7, Slots.NEXT)
        .compute(R3, SUBTRACT, R2)
        .move(R1, R7)
        .compute(R1, ADD, EventLayout.TAIL)
        .call(Helper.PROBE_READ_USER);
  }
}
