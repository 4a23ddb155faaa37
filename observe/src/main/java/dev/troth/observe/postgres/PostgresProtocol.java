package dev.troth.observe.postgres;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.sql.Statements;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL. A conversation is taken up when it begins, or, as pools keep theirs for hours, at any
 * query.
 */
public final class PostgresProtocol implements Protocol {
  private static final byte ANY = 0;
  private static final byte ALL = (byte) 0xff;

  private final Statements statements = new Statements();

  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public List<Signature> signatures() {
    return List.of(
        // The start of protocol 3.0, and the question for TLS: a length below 64 KiB, then a
        // number.
        signature(new byte[] {ALL, ALL, ANY, ANY, ALL, ALL, ALL, ALL}, 0, 0, 0, 0, 0, 3, 0, 0),
        signature(
            new byte[] {ALL, ALL, ALL, ALL, ALL, ALL, ALL, ALL}, 0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f),
        // Query, Parse and Bind with a length below 64 KiB.
        signature(new byte[] {ALL, ALL, ALL, ANY, ANY, ANY, ANY, ANY}, 'Q', 0, 0, 0, 0, 0, 0, 0),
        signature(new byte[] {ALL, ALL, ALL, ANY, ANY, ANY, ANY, ANY}, 'P', 0, 0, 0, 0, 0, 0, 0),
        signature(new byte[] {ALL, ALL, ALL, ANY, ANY, ANY, ANY, ANY}, 'B', 0, 0, 0, 0, 0, 0, 0));
  }

  private static Signature signature(byte[] mask, int... value) {
    byte[] bytes = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      bytes[i] = (byte) value[i];
    }
    return Signature.bytes(mask, bytes, Signature.MOST, Signature.MOST);
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    byte[] b = segment.bytes();
    int n = segment.captured();
    boolean begins = Messages.isStartup(b, n, segment.length());
    return begins || Messages.areQueries(b, n, segment.length())
        ? Optional.of(Role.ofRequest(segment.direction()))
        : Optional.empty();
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new PostgresConversation(role, statements, exchanges);
  }
}
