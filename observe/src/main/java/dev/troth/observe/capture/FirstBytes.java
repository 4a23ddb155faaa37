package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.OR;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.ABOVE;
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
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Decides from a message's first bytes, and from what the message before it was, whether it is told
 * of and how much of it: it begins a head, it may go on with one, or it is a part of a body. Goes
 * on at {@code segments} with {@link Slots#LIMIT} set.
 *
 * <p>A head may come in pieces: Go waits for the next request by reading a single byte. So what
 * follows a piece shorter than a method is kept like a head, and neither that nor what follows a
 * head is ever left out when the ring buffer is crowded.
 */
final class FirstBytes {
  /** Bytes kept of a message that begins a request, so that pipelined requests are seen too. */
  static final int REQUEST_LIMIT = 4_096;

  /** Bytes kept of a message that begins a response. */
  private static final int RESPONSE_LIMIT = 1_024;

  /** Bytes kept of any other message: a part of a body, the rest of a head. */
  private static final int OTHER_LIMIT = 256;

  /** Parts of bodies from this size are left out while the ring buffer is a quarter full. */
  private static final int SHED_FROM = 1_024;

  private static final int WORD_BYTES = 4;
  private static final List<String> REQUEST_STARTS =
      List.of("GET ", "POST", "PUT ", "DELE", "HEAD", "PATC", "OPTI", "CONN", "TRAC");
  private static final String RESPONSE_START = "HTTP";

  private final Assembler code;
  private final HookSite site;
  private final int piece;
  private final int ringBytes;

  private FirstBytes(Assembler code, HookSite site, boolean sending, int ringBytes) {
    this.code = code;
    this.site = site;
    this.piece = sending ? Maps.STATE_PIECE_SENT : Maps.STATE_PIECE_RECEIVED;
    this.ringBytes = ringBytes;
  }

  static void judge(Assembler code, HookSite site, boolean sending, int ringBytes) {
    FirstBytes beginning = new FirstBytes(code, site, sending, ringBytes);
    beginning.firstBytes();
    beginning.pieceBefore();
    beginning.compare();
    beginning.known();
    beginning.watched();
  }

  private void firstBytes() {
    code.label("first")
        .store(U64, FP, Slots.WORD, 0)
        .load(U64, R2, FP, Slots.IOV_LENGTH)
        .jumpIf(R2, AT_MOST, R8, "within")
        .move(R2, R8)
        .label("within")
        .jumpIf(R2, AT_MOST, WORD_BYTES, "short")
        .move(R2, WORD_BYTES)
        .label("short")
        .compute(R2, AND, 7)
        .move(R1, FP)
        .compute(R1, ADD, Slots.WORD)
        .load(U64, R3, FP, Slots.IOV)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable");
  }

  /** Puts the byte that was held back before the first four, and remembers this piece. */
  private void pieceBefore() {
    code.load(U32, R1, FP, Slots.WORD)
        .load(U64, R2, FP, Slots.STATE)
        .load(U32, R3, R2, piece)
        .store(U64, R7, Slots.BEFORE, R3)
        .store(U32, R2, piece, 0)
        .jumpIf(R8, AT_LEAST, WORD_BYTES, "long")
        .store(U32, R2, piece, Maps.PIECE_SHORT)
        .label("long")
        .jumpIf(R3, EQUAL, 0, "compare")
        .jumpIf(R3, AT_LEAST, Maps.PIECE_SHORT, "compare")
        .store(U64, R7, Slots.CARRIED, R3)
        .compute(R1, SHIFT_LEFT, 40)
        .compute(R1, SHIFT_RIGHT, 32)
        .compute(R1, OR, R3);
  }

  private void compare() {
    code.label("compare").store(U64, R7, Slots.LIMIT, REQUEST_LIMIT);
    for (String start : REQUEST_STARTS) {
      code.jumpIf(R1, EQUAL, word(start), "head");
    }
    code.store(U64, R7, Slots.LIMIT, RESPONSE_LIMIT)
        .jumpIf(R1, EQUAL, word(RESPONSE_START), "head")
        .load(U64, R2, FP, Slots.STATE)
        .load(U32, R3, R2, Maps.STATE_VERDICT)
        .jumpIf(R3, EQUAL, Maps.VERDICT_WATCHED, "known")
        // Nothing is known of this socket yet: a few letters may be a method's beginning.
        .jumpIf(R8, AT_LEAST, WORD_BYTES, "out")
        .load(U8, R3, FP, Slots.WORD)
        .jumpIf(R3, BELOW, 'A', "out")
        .jumpIf(R3, ABOVE, 'Z', "out")
        .jumpIf(R8, NOT_EQUAL, 1, "watched")
        .load(U64, R4, R7, Slots.CARRIED)
        .jumpIf(R4, NOT_EQUAL, 0, "watched")
        .store(U32, R2, piece, R3)
        .jump("out");
  }

  /** A message in the middle of a conversation. */
  private void known() {
    code.label("known");
    site.cookie(code);
    code.map(R1, Maps.MUTED)
        .move(R2, FP)
        .compute(R2, ADD, Slots.COOKIE)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "after-piece?")
        .load(U64, R2, FP, Slots.STATE)
        .store(U32, R2, Maps.STATE_VERDICT, Maps.VERDICT_MUTED)
        .jump("out");
    code.label("after-piece?")
        .load(U64, R1, R7, Slots.BEFORE)
        .store(U64, R7, Slots.LIMIT, REQUEST_LIMIT)
        .jumpIf(R1, EQUAL, Maps.PIECE_SHORT, "segments")
        .store(U64, R7, Slots.LIMIT, OTHER_LIMIT)
        .jumpIf(R1, EQUAL, Maps.PIECE_HEAD, "segments");
    // Parts of bodies give way to heads: a gap within a body of known length does no harm.
    code.jumpIf(R8, BELOW, SHED_FROM, "segments")
        .map(R1, Maps.RING)
        .move(R2, 0)
        .call(Helper.RINGBUF_QUERY)
        .jumpIf(R0, BELOW, ringBytes / 4, "segments");
    Counting.add(code, Maps.COUNT_SHED, Slots.KEY, "counted-shed");
    code.jump("out");
  }

  private void watched() {
    code.label("head")
        .load(U64, R2, FP, Slots.STATE)
        .store(U32, R2, piece, Maps.PIECE_HEAD)
        .label("watched")
        .load(U64, R2, FP, Slots.STATE)
        .store(U32, R2, Maps.STATE_VERDICT, Maps.VERDICT_WATCHED);
    site.cookie(code);
  }

  private static int word(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt();
  }
}
