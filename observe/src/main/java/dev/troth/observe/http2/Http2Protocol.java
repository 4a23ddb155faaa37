package dev.troth.observe.http2;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * HTTP/2, and gRPC over it. A conversation can be taken up at its beginning, and at any request
 * whose frame begins what is read or written; what its header block takes from blocks before is
 * unknown then.
 */
public final class Http2Protocol implements Protocol {
  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** A HEADERS frame of less than 64 KiB with flags that it may have, on a stream below 2^24. */
  private static final byte[] HEADERS_MASK = {-1, 0, 0, -1, (byte) 0xd2, -1, 0, 0};

  private static final byte[] HEADERS = {0, 0, 0, 1, 0, 0, 0, 0};

  /** A WINDOW_UPDATE frame, which often comes with the next request. */
  private static final byte[] WINDOW_MASK = {-1, -1, -1, -1, -1, -1, 0, 0};

  private static final byte[] WINDOW_UPDATE = {0, 0, 4, 8, 0, 0, 0, 0};

  private static final int SHORTEST = 4;
  private static final List<String> ALWAYS = List.of("traceparent", "user-agent");

  private final Set<String> names;

  /**
   * @param headers names of the fields to keep, beside those that the agent needs
   */
  public Http2Protocol(Set<String> headers) {
    Set<String> all = new HashSet<>(ALWAYS);
    headers.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
    this.names = Set.copyOf(all);
  }

  @Override
  public String name() {
    return "HTTP/2";
  }

  @Override
  public List<Signature> signatures() {
    return List.of(
        Signature.text("PRI * HT", Signature.MOST_IN_PARTS, Signature.MOST_IN_PARTS),
        Signature.ofStrangers(
            HEADERS_MASK, HEADERS, Signature.MOST_IN_PARTS, Signature.MOST_IN_PARTS),
        Signature.ofStrangers(
            WINDOW_MASK, WINDOW_UPDATE, Signature.MOST_IN_PARTS, Signature.MOST_IN_PARTS));
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    return begins(segment) || Middle.asks(segment)
        ? Optional.of(Role.ofRequest(segment.direction()))
        : Optional.empty();
  }

  /** Whether it is the beginning of a connection. */
  static boolean begins(Segment segment) {
    int compared = Math.min(segment.captured(), PREFACE.length);
    if (compared < SHORTEST) {
      return false;
    }
    for (int i = 0; i < compared; i++) {
      if (segment.bytes()[i] != PREFACE[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new Http2Conversation(role, names, exchanges);
  }
}
