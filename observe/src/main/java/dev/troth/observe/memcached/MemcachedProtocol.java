package dev.troth.observe.memcached;

import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import dev.troth.observe.stream.Signature;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Memcached's text protocol; a conversation can be taken up at any command. */
public final class MemcachedProtocol implements Protocol {
  private static final int WORD = 4;

  @Override
  public String name() {
    return "memcached";
  }

  @Override
  public List<Signature> signatures() {
    return Stream.of(
            "get ", "gets", "gat ", "gats", "set ", "add ", "replace", "append", "prepend", "cas ",
            "delete", "incr", "decr", "touch")
        .map(command -> command.substring(0, Math.min(WORD, command.length())))
        .map(word -> Signature.text(word, Signature.MOST, Signature.MOST))
        .toList();
  }

  @Override
  public Optional<Role> recognise(Segment segment) {
    return Command.begins(segment.bytes(), segment.captured())
        ? Optional.of(Role.ofRequest(segment.direction()))
        : Optional.empty();
  }

  @Override
  public Conversation open(Role role, Exchanges exchanges) {
    return new MemcachedConversation(role, exchanges);
  }
}
