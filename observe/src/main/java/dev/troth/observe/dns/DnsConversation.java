package dev.troth.observe.dns;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Place;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;
import java.util.Optional;

/** DNS on one connection of TCP: questions one way, answers the other, in any order. */
final class DnsConversation implements Conversation, Lookups.Listener<Role> {
  private static final int BYTES_OF_ONE = 300;

  private final Role role;
  private final Exchanges exchanges;
  private final Lookups<Role> lookups = new Lookups<>("tcp", this);
  private final Frames questions = new Frames(this::question);
  private final Frames answers = new Frames(this::answer);
  private int questionsExpected;
  private int answersExpected;
  private boolean begun;
  private boolean over;

  DnsConversation(Role role, Exchanges exchanges) {
    this.role = role;
    this.exchanges = exchanges;
  }

  @Override
  public void segment(Segment segment) {
    if (over) {
      return;
    }
    boolean question = segment.direction() == role.requests();
    if (!begun) {
      begin(segment);
    }
    Frames frames = question ? questions : answers;
    int gap = segment.position() - (question ? questionsExpected : answersExpected);
    if (gap < 0) {
      return;
    }
    frames.skip(gap, segment.time());
    if (!frames.isLost()) {
      frames.read(segment);
    }
    if (frames.isLost()) {
      giveUp();
      exchanges.lost("DNS over TCP with bytes missing");
    } else if (question) {
      questionsExpected = segment.end();
    } else {
      answersExpected = segment.end();
    }
  }

  private void begin(Segment segment) {
    begun = true;
    boolean question = segment.direction() == role.requests();
    questionsExpected = question ? segment.position() : segment.opposite();
    answersExpected = question ? segment.opposite() : segment.position();
    if (question && DnsProtocol.isBehindLength(segment)) {
      Place place = Place.in(segment, -2);
      questions.behindLength(segment.length(), place);
    }
  }

  private void question(byte[] bytes, Place place, long time) {
    Optional<Message> message = Message.read(bytes, 0, bytes.length);
    if (message.isPresent() && !message.get().response()) {
      lookups.asked(0, role, role, message.get(), place, Optional.empty());
    }
  }

  private void answer(byte[] bytes, Place place, long time) {
    Optional<Message> message = Message.read(bytes, 0, bytes.length);
    if (message.isPresent() && message.get().response()) {
      // An answer is there with its last byte.
      Place end =
          new Place(place.position(), place.opposite(), time, place.thread(), place.blocking());
      lookups.answered(0, role, message.get(), end, Optional.empty());
    }
  }

  @Override
  public void tick(long now) {
    lookups.tick(now);
  }

  @Override
  public void closed(long time, boolean wholly) {
    if (!over && (role == Role.SERVER || wholly)) {
      lookups.ended(any -> true, "connection_closed", time);
    }
  }

  @Override
  public void giveUp() {
    over = true;
    lookups.giveUp();
  }

  @Override
  public int held() {
    return lookups.open() * BYTES_OF_ONE + questions.held() + answers.held();
  }

  @Override
  public void began(Role on, Exchange exchange) {
    exchanges.began(exchange);
  }

  @Override
  public void ended(Role on, Exchange exchange) {
    exchanges.ended(exchange);
  }

  @Override
  public void abandoned(Role on, Exchange exchange) {
    exchanges.abandoned(exchange);
  }
}
