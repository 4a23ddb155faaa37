package dev.troth.observe.dns;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Optional;

/**
 * DNS over TCP; a conversation can be taken up at any question. The filter in the kernel knows it
 * by its port, because the length before a message is often read or written by itself.
 */
public final class DnsProtocol implements Protocol {
  private static final int LENGTH_BYTES = 2;

  @Override
  public String name() {
    return "DNS";
  }

  @Override
  public List<Signature> signatures() {
    return List.of();
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    return begins(segment) || isBehindLength(segment)
        ? Optional.of(Role.ofRequest(segment.direction()))
        : Optional.empty();
  }

  /** Whether it begins with a length and a question. */
  private static boolean begins(Segment segment) {
    byte[] bytes = segment.bytes();
    if (segment.captured() < LENGTH_BYTES + Message.HEADER) {
      return false;
    }
    int length = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
    return length <= segment.length() - LENGTH_BYTES
        && length <= segment.captured() - LENGTH_BYTES
        && isQuestion(bytes, LENGTH_BYTES, LENGTH_BYTES + length);
  }

  /** Whether it is a whole question whose length was read before it. */
  static boolean isBehindLength(Segment segment) {
    return segment.captured() == segment.length()
        && !begins(segment)
        && isQuestion(segment.bytes(), 0, segment.captured());
  }

  private static boolean isQuestion(byte[] bytes, int from, int to) {
    return Message.read(bytes, from, to).filter(message -> !message.response()).isPresent();
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new DnsConversation(role, exchanges);
  }
}
