package dev.troth.observe.propagation;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.OR;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Comparison.ABOVE;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R4;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.CountedLoop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the head that begins the text of {@link Outgoing} in R7, byte by byte, and stores there
 * what it finds. It goes on behind itself where the head is whole and the end of its body is
 * certain, else at {@code leave}: bytes that look like a head may be those of a body.
 *
 * <p>The kernel counts the bytes, so that its verifier looks at one turn of the loop and not at all
 * of them: with a loop of its own the program was refused after a million steps.
 */
final class HeadScan {
  private static final long LOWER = 0x2020_2020_2020_2020L;
  private static final long SEVEN = 0x00ff_ffff_ffff_ffffL;
  private static final long SIX = 0x0000_ffff_ffff_ffffL;
  private static final int END_OF_HEAD = 0x0a0d;
  private static final List<String> METHODS =
      List.of("GET ", "POST", "PUT ", "DELE", "HEAD", "PATC", "OPTI");

  /** The loop, behind the frame pointer. */
  private static final int LOOP = -40;

  /** The longest length of a body that is read. */
  private static final int DIGITS = 9;

  private HeadScan() {}

  static void scan(Assembler code, CountedLoop loop) {
    code.load(U32, R1, R7, Outgoing.TEXT);
    for (String method : METHODS) {
      code.jumpIf(R1, EQUAL, (int) word(method), "request");
    }
    code.jump("leave").label("request");
    for (int field :
        new int[] {Outgoing.LINE, Outgoing.HEAD, Outgoing.LENGTH_AT, Outgoing.TRACED}) {
      code.store(U32, R7, field, 0);
    }
    loop.begin(code, LOOP, Outgoing.MOST).label("byte");
    loop.next(code, LOOP, "not-whole")
        .load(U32, R9, R0, 0)
        .compute(R9, AND, Outgoing.MOST - 1)
        .move(R1, R7)
        .compute(R1, ADD, R9)
        .load(U8, R2, R1, Outgoing.TEXT)
        .jumpIf(R2, NOT_EQUAL, '\n', "byte")
        .compute(R9, ADD, 1);
    line(code);
    code.label("not-whole").move(R9, 0).label("scanned");
    loop.end(code, LOOP).jumpIf(R9, EQUAL, 0, "leave");
  }

  /** A line has ended before R9; another one begins, or the head has ended. R1 is one before. */
  private static void line(Assembler code) {
    code.load(U32, R2, R7, Outgoing.COPIED)
        .jumpIf(R9, ABOVE, R2, "not-whole")
        .load(U8, R2, R1, Outgoing.TEXT - 1)
        .jumpIf(R2, NOT_EQUAL, '\r', "not-whole")
        .load(U32, R2, R7, Outgoing.LINE)
        .jumpIf(R2, NOT_EQUAL, 0, "not-first")
        .store(U32, R7, Outgoing.LINE, R9)
        .label("not-first")
        .load(U16, R2, R1, Outgoing.TEXT + 1)
        .jumpIf(R2, EQUAL, END_OF_HEAD, "ended")
        .load(U8, R2, R1, Outgoing.TEXT + 1)
        .jumpIf(R2, EQUAL, ' ', "not-whole")
        .jumpIf(R2, EQUAL, '\t', "not-whole")
        .load(U64, R2, R1, Outgoing.TEXT + 1)
        .constant(R3, LOWER)
        .compute(R2, OR, R3);
    when(code, "content-", "content");
    when(code, "tracepar", "traced");
    when(code, "transfer", "not-whole");
    // The header that browsers send with each page is another one; blanks before a colon are read
    // by some.
    when(code, "upgrade-", "byte");
    code.constant(R3, SEVEN)
        .compute(R2, AND, R3)
        .constant(R3, word("upgrade"))
        .jumpIf(R2, EQUAL, R3, "not-whole")
        .jump("byte");
    code.label("traced").store(U32, R7, Outgoing.TRACED, 1).jump("byte");
    code.label("content")
        .load(U64, R2, R1, Outgoing.TEXT + 9)
        .constant(R3, LOWER)
        .compute(R2, OR, R3)
        .move(R4, R2)
        .constant(R3, SIX)
        .compute(R4, AND, R3)
        .constant(R3, word("length"))
        .jumpIf(R4, NOT_EQUAL, R3, "byte")
        .constant(R3, SEVEN)
        .compute(R2, AND, R3)
        .constant(R3, word("length:"))
        .jumpIf(R2, NOT_EQUAL, R3, "not-whole")
        .load(U32, R2, R7, Outgoing.LENGTH_AT)
        .jumpIf(R2, NOT_EQUAL, 0, "not-whole")
        .compute(R9, ADD, "content-length:".length())
        .store(U32, R7, Outgoing.LENGTH_AT, R9)
        .jump("byte");
    code.label("ended")
        .compute(R9, ADD, 2)
        .load(U32, R2, R7, Outgoing.COPIED)
        .jumpIf(R9, ABOVE, R2, "not-whole")
        .store(U32, R7, Outgoing.HEAD, R9)
        .move(R9, 1)
        .jump("scanned");
  }

  /** Goes to the label if the eight bytes in R2 are these. */
  private static void when(Assembler code, String name, String label) {
    code.constant(R3, word(name)).jumpIf(R2, EQUAL, R3, label);
  }

  /** Reads the length of the body into R9, 0 where the head has none. */
  static void length(Assembler code) {
    code.move(R9, 0).load(U32, R1, R7, Outgoing.LENGTH_AT).jumpIf(R1, EQUAL, 0, "bodiless");
    at(code);
    code.jumpIf(R3, NOT_EQUAL, ' ', "digits").compute(R1, ADD, 1).label("digits");
    for (int digit = 0; digit <= DIGITS; digit++) {
      at(code);
      if (digit > 0) {
        code.jumpIf(R3, EQUAL, '\r', "bodiless");
      }
      code.compute(R3, ADD, -'0')
          .jumpIf(R3, ABOVE, 9, "leave")
          .move(R4, R9)
          .compute(R4, SHIFT_LEFT, 3)
          .compute(R9, SHIFT_LEFT, 1)
          .compute(R9, ADD, R4)
          .compute(R9, ADD, R3)
          .compute(R1, ADD, 1);
    }
    code.jump("leave").label("bodiless");
  }

  /** Loads the byte of the text at R1 into R3. */
  private static void at(Assembler code) {
    code.compute(R1, AND, Outgoing.MOST - 1)
        .move(R2, R7)
        .compute(R2, ADD, R1)
        .load(U8, R3, R2, Outgoing.TEXT);
  }

  /** The first eight bytes of a text as a number of the machine. */
  static long word(String text) {
    byte[] bytes = new byte[8];
    byte[] given = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(given, 0, bytes, 0, given.length);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
