package dev.troth.observe.kafka;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Optional;

/**
 * Kafka. A conversation is taken up at any request that begins what is read or written, with its
 * length or, as brokers read it first and alone, without.
 */
public final class KafkaProtocol implements Protocol {
  private static final byte ALL = (byte) 0xff;
  private static final byte KEY = (byte) 0x80;
  private static final byte VERSION = (byte) 0xe0;

  private final Topics topics = new Topics();

  @Override
  public String name() {
    return "Kafka";
  }

  @Override
  public List<Signature> signatures() {
    byte[] zero = new byte[8];
    return List.of(
        Signature.ofStrangers(
            new byte[] {ALL, 0, 0, 0, ALL, KEY, ALL, VERSION},
            zero,
            Signature.MOST,
            Signature.MOST),
        Signature.ofStrangers(
            new byte[] {ALL, KEY, ALL, VERSION, 0, 0, 0, 0}, zero, Signature.MOST, Signature.MOST));
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    return KafkaConversation.begins(segment) != KafkaConversation.Begin.NOT
        ? Optional.of(Role.ofRequest(segment.direction()))
        : Optional.empty();
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new KafkaConversation(role, topics, exchanges);
  }
}
