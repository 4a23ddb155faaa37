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
 * HTTP/2 in cleartext, and gRPC over it. A conversation can be taken up at its beginning alone:
 * what a header block means depends on all blocks before it.
 */
public final class Http2Protocol implements Protocol {
  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

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
    return List.of(Signature.text("PRI * HT", Signature.MOST, Signature.MOST));
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    int compared = Math.min(segment.captured(), PREFACE.length);
    if (compared < SHORTEST) {
      return Optional.empty();
    }
    for (int i = 0; i < compared; i++) {
      if (segment.bytes()[i] != PREFACE[i]) {
        return Optional.empty();
      }
    }
    return Optional.of(Role.ofRequest(segment.direction()));
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new Http2Conversation(role, names, exchanges);
  }
}
