package dev.troth.observe.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A message of DNS (RFC 1035) that asks one question or answers it.
 *
 * @param question empty in an answer that does not repeat it
 * @param code of the response, with its upper bits if those were seen
 * @param addresses of {@code A} and {@code AAAA} records among the answers
 */
public record Message(
    int id,
    boolean response,
    boolean truncated,
    int code,
    Optional<Question> question,
    List<String> addresses) {
  /** The bytes of a header. */
  static final int HEADER = 12;

  private static final int RESPONSE = 0x8000;
  private static final int OPERATION = 0x7800;
  private static final int TRUNCATED = 0x0200;
  private static final int CODE = 0x000f;

  /** What a plain question has not set: all but the wishes for recursion and for checking. */
  private static final int NOT_IN_QUESTIONS = 0xfecf;

  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_NAME = 255;
  private static final int POINTER = 0xc0;
  private static final int LAST_CLASS = 255;
  private static final int A = 1;
  private static final int AAAA = 28;
  private static final int OPTIONS = 41;
  private static final int MOST_ADDRESSES = 64;

  public Message {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads one.
   *
   * @param to where the known bytes end; the message may be longer
   * @return empty if it is none, or neither a question nor its answer
   */
  public static Optional<Message> read(byte[] bytes, int from, int to) {
    if (to - from < HEADER || to > bytes.length) {
      return Optional.empty();
    }
    int flags = u16(bytes, from + 2);
    int questions = u16(bytes, from + 4);
    boolean response = (flags & RESPONSE) != 0;
    if ((flags & OPERATION) != 0 || questions > 1 || (questions == 0 && !response)) {
      return Optional.empty();
    }
    if (!response && ((flags & NOT_IN_QUESTIONS) != 0 || u16(bytes, from + 6) != 0)) {
      return Optional.empty();
    }
    return new Reader(bytes, from, to).message(response, flags, questions);
  }

  /** The name of a code, as RFC 6895 has it. */
  static String codeText(int code) {
    return switch (code) {
      case 0 -> "NOERROR";
      case 1 -> "FORMERR";
      case 2 -> "SERVFAIL";
      case 3 -> "NXDOMAIN";
      case 4 -> "NOTIMP";
      case 5 -> "REFUSED";
      case 6 -> "YXDOMAIN";
      case 7 -> "YXRRSET";
      case 8 -> "NXRRSET";
      case 9 -> "NOTAUTH";
      case 10 -> "NOTZONE";
      case 16 -> "BADVERS";
      case 23 -> "BADCOOKIE";
      default -> "RCODE" + code;
    };
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  /** Reads from the question on; never beyond the end. */
  private static final class Reader {
    private final byte[] bytes;
    private final int from;
    private final int to;
    private int at;

    Reader(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.from = from;
      this.to = to;
      this.at = from + HEADER;
    }

    Optional<Message> message(boolean response, int flags, int questions) {
      Optional<Question> question = Optional.empty();
      if (questions == 1) {
        question = question();
        if (question.isEmpty()) {
          return Optional.empty();
        }
      }
      int code = flags & CODE;
      List<String> addresses = new ArrayList<>();
      if (response) {
        int answers = u16(bytes, from + 6);
        int all = answers + u16(bytes, from + 8) + u16(bytes, from + 10);
        for (int i = 0; i < all && skipName() && at + 10 <= to; i++) {
          int type = u16(bytes, at);
          int length = u16(bytes, at + 8);
          if (type == OPTIONS) {
            code |= (bytes[at + 4] & 0xff) << 4;
          }
          at += 10;
          if (at + length > to) {
            break;
          }
          boolean address = (type == A && length == 4) || (type == AAAA && length == 16);
          if (i < answers && address && addresses.size() < MOST_ADDRESSES) {
            addresses.add(text(Arrays.copyOfRange(bytes, at, at + length)));
          }
          at += length;
        }
      }
      return Optional.of(
          new Message(
              u16(bytes, from), response, (flags & TRUNCATED) != 0, code, question, addresses));
    }

    private Optional<Question> question() {
      StringBuilder name = new StringBuilder();
      int begin = at;
      while (at < to && bytes[at] != 0) {
        int length = bytes[at++] & 0xff;
        if (length > LONGEST_LABEL || at + length >= to || at + length - begin > LONGEST_NAME) {
          return Optional.empty();
        }
        if (!name.isEmpty()) {
          name.append('.');
        }
        for (int end = at + length; at < end; at++) {
          write(name, bytes[at] & 0xff);
        }
      }
      at++;
      if (at + 4 > to) {
        return Optional.empty();
      }
      int type = u16(bytes, at);
      int kind = u16(bytes, at + 2);
      at += 4;
      return type == 0 || kind == 0 || kind > LAST_CLASS
          ? Optional.empty()
          : Optional.of(new Question(name.toString(), type, kind));
    }

    /** As the conventions ask: what is no plain character is written as a number. */
    private static void write(StringBuilder name, int letter) {
      switch (letter) {
        case '\t' -> name.append("\\t");
        case '\r' -> name.append("\\r");
        case '\n' -> name.append("\\n");
        case '.', '\\', '"' -> name.append('\\').append((char) letter);
        default -> {
          if (letter < ' ' || letter > '~') {
            name.append('\\').append((char) ('0' + letter / 100));
            name.append((char) ('0' + letter / 10 % 10)).append((char) ('0' + letter % 10));
          } else {
            name.append((char) letter);
          }
        }
      }
    }

    /** Passes over a name that may end in a pointer; false if its end was not seen. */
    private boolean skipName() {
      while (at < to) {
        int length = bytes[at] & 0xff;
        if (length >= POINTER) {
          at += 2;
          return true;
        }
        at += length + 1;
        if (length == 0) {
          return true;
        }
      }
      return false;
    }

    private static String text(byte[] address) {
      try {
        return InetAddress.getByAddress(address).getHostAddress();
      } catch (UnknownHostException impossible) {
        throw new IllegalStateException("4 or 16 bytes are an address", impossible);
      }
    }
  }
}
