package dev.troth.observe.http;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * HTTP/1.0 and 1.1. Its conversations can be taken up at any message, also at a response.
 *
 * <p>The filter in the kernel cannot know a grammar, so it lets through what begins with three or
 * four capital letters, as every registered method does.
 */
public final class HttpProtocol implements Protocol {
  private static final int RESPONSE_BYTES = 1_024;

  /** A capital letter, or one of five signs that are seldom: the upper three bits are 010. */
  private static final byte LETTER = 0x40;

  private static final byte LETTER_MASK = (byte) 0xe0;

  private final HeadParser parser;

  /**
   * @param headers names of the fields to keep, beside those that the agent needs
   */
  public HttpProtocol(Set<String> headers) {
    this.parser = new HeadParser(headers);
  }

  @Override
  public String name() {
    return "HTTP/1";
  }

  @Override
  public List<Signature> signatures() {
    byte m = LETTER_MASK;
    return List.of(
        Signature.text("HTTP", RESPONSE_BYTES, 0),
        Signature.bytes(
            new byte[] {m, m, m, (byte) 0xff, 0, 0, 0, 0},
            new byte[] {LETTER, LETTER, LETTER, ' ', 0, 0, 0, 0},
            Signature.HEAD,
            0),
        Signature.bytes(
            new byte[] {m, m, m, m, 0, 0, 0, 0},
            new byte[] {LETTER, LETTER, LETTER, LETTER, 0, 0, 0, 0},
            Signature.HEAD,
            0));
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    if (HttpStart.ofRequest(segment.bytes(), segment.captured())) {
      return Optional.of(Role.ofRequest(segment.direction()));
    }
    return HttpStart.ofResponse(segment.bytes(), segment.captured())
        ? Optional.of(Role.ofRequest(segment.direction().opposite()))
        : Optional.empty();
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new HttpConversation(parser, exchanges);
  }
}
