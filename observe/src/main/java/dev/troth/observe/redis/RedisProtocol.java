package dev.troth.observe.redis;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Optional;

/** Redis, as well as what speaks its protocol: Valkey, KeyDB, Dragonfly. */
public final class RedisProtocol implements Protocol {
  /** A number of one digit, then of two; the first element is a text. */
  private static final byte[] ONE_MASK = {-1, (byte) 0xf0, -1, -1, -1, 0, 0, 0};

  private static final byte[] ONE = {'*', '0', '\r', '\n', '$', 0, 0, 0};
  private static final byte[] TWO_MASK = {-1, (byte) 0xf0, (byte) 0xf0, -1, -1, -1, 0, 0};
  private static final byte[] TWO = {'*', '0', '0', '\r', '\n', '$', 0, 0};

  @Override
  public String name() {
    return "Redis";
  }

  @Override
  public List<Signature> signatures() {
    return List.of(
        Signature.bytes(ONE_MASK, ONE, Signature.MOST, Signature.MOST),
        Signature.bytes(TWO_MASK, TWO, Signature.MOST, Signature.MOST));
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    return Commands.begins(segment)
        ? Optional.of(Role.ofRequest(segment.direction()))
        : Optional.empty();
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new RedisConversation(role, exchanges);
  }
}
