package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.OR;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Arithmetic.SUBTRACT;
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
import static dev.troth.observe.bpf.Register.R6;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Comparison;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.stream.Signature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides from a message's first bytes, and from what the message before it was, whether it is told
 * of and how much of it. Goes on at {@code segments} with {@link Slots#LIMIT} set.
 *
 * <p>A socket is watched from the first message on that bears the signature of a protocol. Of
 * sockets that never show one, the first two messages are told of in part, so that the agent can
 * say what it does not read.
 *
 * <p>A head may come in pieces: Go waits for the next request by reading a single byte, and a head
 * with long cookies is read as it arrives. So what follows a piece shorter than a method is kept
 * like a head, and so is what follows the beginning of a long head, up to 16 KiB from there. What
 * follows at once is never left out when the ring buffer is crowded.
 */
final class FirstBytes {
  /** Bytes kept of any other message of a watched socket: a part of a body. */
  private static final int OTHER_LIMIT = 256;

  /** Bytes kept of what bears no signature, and how many such messages of one socket. */
  private static final int STRANGE_LIMIT = 32;

  private static final int STRANGE_MESSAGES = 2;

  /** How many there may be in all if later ones tell to which session of TLS the socket belongs. */
  private static final int STRANGE_MESSAGES_OF_TLS = 10;

  /** How far from its beginning the pieces of a head are kept; a body may be among them. */
  private static final int LONGEST_HEAD = 16_384;

  /** Parts of bodies from this size are left out while the ring buffer is a quarter full. */
  private static final int SHED_FROM = 1_024;

  /** A message shorter than this is too short to tell what it is. */
  private static final int SHORT = 4;

  private static final int WORD_BYTES = 8;

  private static final int DNS_PORT = 53;

  private final Assembler code;
  private final KernelLayout kernel;
  private final HookSite site;
  private final int piece;
  private final Filter filter;

  private FirstBytes(
      Assembler code, KernelLayout kernel, HookSite site, boolean sending, Filter filter) {
    this.code = code;
    this.kernel = kernel;
    this.site = site;
    this.piece = sending ? Maps.STATE_PIECE_SENT : Maps.STATE_PIECE_RECEIVED;
    this.filter = filter;
  }

  static void judge(
      Assembler code, KernelLayout kernel, HookSite site, boolean sending, Filter filter) {
    FirstBytes beginning = new FirstBytes(code, kernel, site, sending, filter);
    beginning.firstBytes();
    beginning.pieceBefore();
    beginning.compare();
    beginning.lookups();
    beginning.stranger();
    beginning.known();
    beginning.heads();
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
        .compute(R2, AND, 15)
        .move(R1, FP)
        .compute(R1, ADD, Slots.WORD)
        .load(U64, R3, FP, Slots.IOV)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable");
  }

  /** Puts the byte that was held back before the first ones, and remembers this piece. */
  private void pieceBefore() {
    code.load(U64, R1, FP, Slots.WORD)
        .load(U64, R2, FP, Slots.STATE)
        .load(U32, R3, R2, piece)
        .store(U64, R7, Slots.BEFORE, R3)
        .store(U32, R2, piece, 0)
        .jumpIf(R8, AT_LEAST, SHORT, "long")
        .store(U32, R2, piece, Maps.PIECE_SHORT)
        .label("long")
        .jumpIf(R3, EQUAL, 0, "compare")
        .jumpIf(R3, AT_LEAST, Maps.PIECE_SHORT, "compare")
        .store(U64, R7, Slots.CARRIED, R3)
        .compute(R1, SHIFT_LEFT, 8)
        .compute(R1, OR, R3);
  }

  /**
   * With the first eight bytes in R1, and in R2 the first four alone. What the other side said
   * before may have looked like another protocol, of which less is kept.
   */
  private void compare() {
    code.label("compare");
    firstFour();
    List<Signature> signatures = filter.signatures();
    for (int i = 0; i < signatures.size(); i++) {
      if (inParts(signatures.get(i))) {
        compare(signatures.get(i), "not-" + i);
      }
    }
    code.load(U64, R2, FP, Slots.STATE)
        .load(U32, R3, R2, Maps.STATE_KEEP)
        .jumpIf(R3, NOT_EQUAL, 0, "known");
    firstFour();
    compare(signatures, false);
    code.load(U64, R3, FP, Slots.STATE)
        .load(U32, R3, R3, Maps.STATE_VERDICT)
        .jumpIf(R3, EQUAL, Maps.VERDICT_WATCHED, "known");
    compare(signatures, true);
    code.load(U64, R2, FP, Slots.STATE);
  }

  private void firstFour() {
    code.move(R2, R1).compute(R2, SHIFT_LEFT, 32).compute(R2, SHIFT_RIGHT, 32);
  }

  private static boolean inParts(Signature signature) {
    return signature.keepAfter() > Signature.MOST && !signature.ofStrangers();
  }

  private void compare(List<Signature> signatures, boolean ofStrangers) {
    for (int i = 0; i < signatures.size(); i++) {
      if (signatures.get(i).ofStrangers() == ofStrangers && !inParts(signatures.get(i))) {
        compare(signatures.get(i), "not-" + i);
      }
    }
  }

  private void compare(Signature signature, String otherwise) {
    int first = (int) signature.mask();
    int second = (int) (signature.mask() >>> 32);
    String goal = head(signature);
    if (second == 0) {
      half(first, (int) signature.value(), EQUAL, goal);
      return;
    }
    half(first, (int) signature.value(), NOT_EQUAL, otherwise);
    code.move(R3, R1).compute(R3, SHIFT_RIGHT, 32);
    if (second != -1) {
      code.compute(R3, AND, second);
    }
    code.jumpIf(R3, EQUAL, (int) (signature.value() >>> 32), goal).label(otherwise);
  }

  private void half(int mask, int value, Comparison comparison, String goal) {
    if (mask == -1) {
      code.jumpIf(R2, comparison, value, goal);
    } else {
      code.move(R3, R2).compute(R3, AND, mask).jumpIf(R3, comparison, value, goal);
    }
  }

  /** DNS over TCP is told by its port: its messages begin with their length, often by itself. */
  private void lookups() {
    KernelLayout.Socket socket = kernel.socket();
    site.load(code, U16, R1, R6, socket.localPort());
    code.jumpIf(R1, EQUAL, DNS_PORT, "lookups");
    site.load(code, U16, R1, R6, socket.remotePort());
    code.networkOrder16(R1)
        .load(U64, R2, FP, Slots.STATE)
        .jumpIf(R1, NOT_EQUAL, DNS_PORT, "no-lookups")
        .label("lookups")
        .load(U64, R2, FP, Slots.STATE)
        .store(U32, R2, Maps.STATE_KEEP, Signature.MOST)
        .store(U64, R7, Slots.LIMIT, Signature.MOST)
        .jump("watched")
        .label("no-lookups");
  }

  /** Nothing is known of this socket yet: a few letters may be a method's beginning. */
  private void stranger() {
    code.jumpIf(R8, AT_LEAST, SHORT, "stranger")
        .load(U8, R3, FP, Slots.WORD)
        .jumpIf(R3, BELOW, 'A', "out")
        .jumpIf(R3, ABOVE, 'Z', "out")
        .jumpIf(R8, NOT_EQUAL, 1, "watched-piece")
        .load(U64, R4, R7, Slots.CARRIED)
        .jumpIf(R4, NOT_EQUAL, 0, "watched-piece")
        .store(U32, R2, piece, R3)
        .jump("out");
    code.label("stranger")
        .load(U32, R3, R2, Maps.STATE_STRANGE)
        .jumpIf(R3, AT_LEAST, STRANGE_MESSAGES_OF_TLS, "out")
        .map(R1, Maps.TLS_INSIDE)
        .move(R2, FP)
        .compute(R2, ADD, Slots.IDS)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, NOT_EQUAL, 0, "in-call");
    goroutine();
    code.label("in-call")
        .load(U64, R1, R0, 0)
        .store(U64, R7, EventLayout.SESSION, R1)
        .load(U64, R2, FP, Slots.STATE)
        .load(U32, R3, R2, Maps.STATE_STRANGE)
        .jump("told")
        .label("in-no-call")
        .load(U64, R2, FP, Slots.STATE)
        .load(U32, R3, R2, Maps.STATE_STRANGE)
        .jumpIf(R3, AT_LEAST, STRANGE_MESSAGES, "out")
        .label("told")
        .compute(R3, ADD, 1)
        .store(U32, R2, Maps.STATE_STRANGE, R3)
        .store(U64, R7, Slots.LIMIT, STRANGE_LIMIT);
    site.cookie(code);
    code.jump("segments");
  }

  /** A goroutine is known by a register that it keeps, also in the calls of the system. */
  private void goroutine() {
    code.call(Helper.GET_CURRENT_TASK_BTF)
        .move(R1, R0)
        .call(Helper.TASK_PT_REGS)
        .load(U64, R1, R0, kernel.registers().goroutine());
    GoTlsPrograms.goroutine(code, Slots.IDS, Slots.PROBED);
    code.map(R1, Maps.GO_INSIDE)
        .move(R2, FP)
        .compute(R2, ADD, Slots.PROBED)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "in-no-call");
  }

  /** A message in the middle of a conversation. */
  private void known() {
    code.label("known");
    site.cookie(code);
    code.map(R1, Maps.MUTED)
        .move(R2, FP)
        .compute(R2, ADD, Slots.COOKIE)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "not-muted")
        .load(U64, R2, FP, Slots.STATE)
        .store(U32, R2, Maps.STATE_VERDICT, Maps.VERDICT_MUTED)
        .jump("out");
    code.label("not-muted")
        .load(U64, R2, FP, Slots.STATE)
        .load(U32, R1, R2, Maps.STATE_KEEP)
        .jumpIf(R1, AT_MOST, Signature.MOST, "in-one")
        .move(R3, R1)
        .compute(R3, SUBTRACT, Signature.MOST)
        .store(U64, R7, Slots.KEPT_LATER, R3)
        .move(R1, Signature.MOST)
        .label("in-one")
        .store(U64, R7, Slots.LIMIT, R1)
        .jumpIf(R1, EQUAL, 0, "by-message")
        .jumpIf(R8, BELOW, SHED_FROM, "segments")
        .map(R1, Maps.RING)
        .move(R2, 0)
        .call(Helper.RINGBUF_QUERY)
        .jumpIf(R0, BELOW, filter.ringBytes() / 4 * 3, "segments")
        // Whole messages of all protocols must not push each other out.
        .store(U64, R7, Slots.LIMIT, OTHER_LIMIT)
        .store(U64, R7, Slots.KEPT_LATER, 0)
        .store(U64, R7, Slots.CUT, Slots.CUT_ANYWHERE)
        .jump("segments")
        .label("by-message")
        .load(U64, R1, R7, Slots.BEFORE)
        .store(U64, R7, Slots.LIMIT, Signature.HEAD)
        .jumpIf(R1, ABOVE, Maps.PIECE_BEGAN, "head-began")
        .jumpIf(R1, ABOVE, Maps.PIECE_LONG_HEAD, "in-head")
        .jumpIf(R1, NOT_EQUAL, Maps.PIECE_SHORT, "not-head")
        .move(R1, Maps.PIECE_LONG_HEAD + LONGEST_HEAD)
        .jump("at-once")
        .label("head-began")
        .compute(R1, SUBTRACT, Maps.PIECE_BEGAN)
        .label("at-once");
    headLeft("segments");
    code.jump("segments").label("in-head");
    headLeft("maybe-head");
    code.label("maybe-head")
        .map(R1, Maps.RING)
        .move(R2, 0)
        .call(Helper.RINGBUF_QUERY)
        .jumpIf(R0, BELOW, filter.ringBytes() / 4, "segments")
        .store(U64, R7, Slots.CUT, Slots.CUT_HEAD)
        .label("not-head")
        .load(U64, R1, R7, Slots.BEFORE)
        .store(U64, R7, Slots.LIMIT, OTHER_LIMIT)
        .jumpIf(R1, EQUAL, Maps.PIECE_HEAD, "segments");
    // Parts of bodies give way to heads: a gap within a body of known length does no harm.
    code.jumpIf(R8, BELOW, SHED_FROM, "segments")
        .map(R1, Maps.RING)
        .move(R2, 0)
        .call(Helper.RINGBUF_QUERY)
        .jumpIf(R0, BELOW, filter.ringBytes() / 4, "segments");
    Maps.count(code, Maps.COUNT_SHED, Slots.KEY, "counted-shed");
    code.jump("out");
  }

  /** Remembers how many bytes the head of R1 may still have, if any. */
  private void headLeft(String then) {
    code.jumpIf(R8, BELOW, SHORT, then)
        .jumpIf(R8, AT_LEAST, R1, then)
        .compute(R1, SUBTRACT, R8)
        .jumpIf(R1, AT_MOST, Maps.PIECE_LONG_HEAD, then)
        .store(U32, R2, piece, R1);
  }

  /** Each way in which a message with a signature is kept. */
  private void heads() {
    Map<String, Signature> ways = new LinkedHashMap<>();
    filter.signatures().forEach(one -> ways.putIfAbsent(head(one), one));
    ways.forEach((label, one) -> {
      code.label(label)
          .load(U64, R2, FP, Slots.STATE)
          .store(U64, R7, Slots.LIMIT, Math.min(one.keep(), Signature.MOST))
          .store(U64, R7, Slots.KEPT_LATER, Math.max(0, one.keep() - Signature.MOST));
      if (one.keep() < Signature.HEAD) {
        code.store(U32, R2, piece, Maps.PIECE_HEAD);
      } else {
        code.jumpIf(R8, AT_LEAST, LONGEST_HEAD, label + "-all")
            .move(R1, Maps.PIECE_BEGAN + Maps.PIECE_LONG_HEAD + LONGEST_HEAD)
            .compute(R1, SUBTRACT, R8)
            .store(U32, R2, piece, R1)
            .label(label + "-all");
      }
      if (one.keepAfter() > 0) {
        code.store(U32, R2, Maps.STATE_KEEP, one.keepAfter());
      }
      code.jump("watched");
    });
  }

  private static String head(Signature signature) {
    return "head-" + signature.keep() + "-" + signature.keepAfter();
  }

  private void watched() {
    code.label("watched-piece")
        .store(U64, R7, Slots.LIMIT, Signature.HEAD)
        .label("watched")
        .load(U64, R2, FP, Slots.STATE)
        .store(U32, R2, Maps.STATE_VERDICT, Maps.VERDICT_WATCHED);
    site.cookie(code);
  }
}
