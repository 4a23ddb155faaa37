package dev.troth.observe.kafka;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Segment;

/** Whatever passes on a socket, reading it as Kafka ends and does no harm. */
final class KafkaFuzzTest {
  private static final class Nobody implements Exchanges {
    private int open;

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
    }

    @Override
    public void lost(String reason) {}

    @Override
    public void switched() {}
  }

  @FuzzTest(maxDuration = "20s")
  void anyBytesAreReadOrPassedOver(FuzzedDataProvider data) {
    Nobody nobody = new Nobody();
    Role role = data.consumeBoolean() ? Role.CLIENT : Role.SERVER;
    Conversation conversation = new KafkaProtocol().open(role, nobody);
    int[] positions = new int[2];
    for (int time = 1; data.remainingBytes() > 0; time++) {
      boolean request = data.consumeBoolean();
      int missing = data.consumeBoolean() ? data.consumeInt(0, 200) : 0;
      positions[request ? 0 : 1] += data.consumeBoolean() ? 0 : data.consumeInt(0, 50);
      byte[] bytes = data.consumeBytes(data.consumeInt(0, 400));
      conversation.segment(
          new Segment(
              request ? role.requests() : role.requests().opposite(),
              bytes,
              bytes.length,
              bytes.length + missing,
              new byte[0],
              positions[request ? 0 : 1],
              positions[request ? 1 : 0],
              time,
              new Call(1, false, true)));
      positions[request ? 0 : 1] += bytes.length + missing;
    }
    conversation.closed(1_000, true);
    conversation.giveUp();
    if (nobody.open != 0) {
      throw new AssertionError(nobody.open + " exchanges were begun and not ended");
    }
  }
}
