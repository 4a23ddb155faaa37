package dev.troth.observe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.exchange.Role;

/**
 * Lets whatever bytes pass in a conversation, in any pieces, with some of them missing: nothing may
 * throw, what is held is never less than nothing, and every request that began comes to one end.
 */
public final class AnyConversation implements Exchanges {
  private final FuzzedDataProvider data;

  /** Where the two directions have come to: requests, then responses. */
  private final int[] positions = new int[2];

  private int open;
  private int withdrawn;

  private AnyConversation(FuzzedDataProvider data) {
    this.data = data;
  }

  /** One in which either process is watched; returns how many requests were withdrawn. */
  public static int play(FuzzedDataProvider data, Protocol protocol) {
    Role role = data.consumeBoolean() ? Role.CLIENT : Role.SERVER;
    AnyConversation any = new AnyConversation(data);
    return any.play(role.requests(), protocol.open(role, any));
  }

  private int play(Direction requests, Conversation conversation) {
    positions[0] = data.consumeInt();
    positions[1] = data.consumeInt();
    long time = 1;
    for (boolean first = true; data.remainingBytes() > 0; first = false) {
      conversation.segment(segment(requests, time, first));
      assertThat(conversation.held()).isNotNegative();
      time += data.consumeInt(0, 1_000_000_000);
      conversation.tick(time);
    }
    conversation.closed(time + 1, true);
    conversation.giveUp();
    assertThat(open).as("requests that never ended").isZero();
    return withdrawn;
  }

  private Segment segment(Direction requests, long time, boolean first) {
    boolean request = data.consumeBoolean();
    int lost = data.consumeInt(0, 3) == 0 ? data.consumeInt(0, 5_000) : 0;
    byte[] bytes = data.consumeBytes(data.consumeInt(0, 400));
    byte[] tail = data.consumeBytes(data.consumeInt(0, 8));
    int length = bytes.length + (tail.length == 0 ? 0 : data.consumeInt(tail.length, 9_000));
    int which = request ? 0 : 1;
    int position = positions[which] + lost;
    positions[which] = position + length;
    return new Segment(
        request ? requests : requests.opposite(),
        bytes,
        bytes.length,
        length,
        tail,
        position,
        positions[1 - which],
        time,
        new Call(data.consumeInt(1, 3), first && data.consumeBoolean(), data.consumeBoolean()));
  }

  @Override
  public void began(Exchange exchange) {
    open++;
  }

  @Override
  public void ended(Exchange exchange) {
    open--;
  }

  @Override
  public void abandoned(Exchange exchange) {
    open--;
  }

  @Override
  public void withdrawn(Exchange exchange) {
    open--;
    withdrawn++;
  }

  @Override
  public void lost(String reason) {}

  @Override
  public void switched() {}
}
