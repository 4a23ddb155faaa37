package dev.troth.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Exchanges;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;
import java.util.Set;

/** Whatever passes on a socket, nothing throws and every request that began comes to an end. */
class ParserFuzzTest {
  private static final HeadParser PARSER = new HeadParser(Set.of("x-id"));

  @FuzzTest(maxDuration = "2m")
  void anyBytesAreAHeadOrNone(FuzzedDataProvider data) {
    boolean whole = data.consumeBoolean();
    byte[] bytes = data.consumeRemainingAsBytes();
    PARSER
        .request(bytes, 0, bytes.length, whole)
        .ifPresent(head -> {
          assertThat(head.target()).isNotEmpty();
          assertThat(head.framing()).isNotNull();
        });
    PARSER
        .response(bytes, 0, bytes.length, whole)
        .ifPresent(head -> {
          assertThat(head.status()).isBetween(100, 999);
          assertThat(head.framing("GET")).isNotNull();
        });
  }

  @FuzzTest(maxDuration = "2m")
  void anyConversationEnds(FuzzedDataProvider data) {
    Balance balance = new Balance();
    HttpConversation conversation = new HttpConversation(PARSER, balance);
    int received = data.consumeInt();
    int sent = data.consumeInt();
    long time = 1;
    boolean first = true;
    while (data.remainingBytes() > 0) {
      boolean incoming = data.consumeBoolean();
      int lost = data.consumeInt(0, 3) == 0 ? data.consumeInt(0, 5_000) : 0;
      byte[] bytes = data.consumeBytes(data.consumeInt(1, 400));
      byte[] tail = data.consumeBytes(data.consumeInt(0, 8));
      int length = bytes.length + (tail.length == 0 ? 0 : data.consumeInt(tail.length, 9_000));
      time += data.consumeInt(0, 1_000_000_000);
      int end = (incoming ? received : sent) + lost + length;
      received = incoming ? end : received;
      sent = incoming ? sent : end;
      conversation.segment(
          new Segment(
              incoming ? Direction.RECEIVED : Direction.SENT,
              bytes,
              bytes.length,
              length,
              tail,
              end - length,
              incoming ? sent : received,
              time,
              new Call(data.consumeInt(1, 3), first && data.consumeBoolean(), false)));
      conversation.tick(time);
      first = false;
    }
    conversation.closed(time + 1, true);
    assertThat(balance.open).as("requests that never ended").isZero();
  }

  @FuzzTest(maxDuration = "2m")
  void anyChunksAreTakenToTheirEnd(FuzzedDataProvider data) {
    ChunkReader chunks = new ChunkReader();
    chunks.begin();
    while (data.remainingBytes() > 0 && !chunks.done()) {
      if (data.consumeBoolean()) {
        byte[] bytes = data.consumeBytes(data.consumeInt(1, 200));
        assertThat(chunks.read(bytes, 0, bytes.length)).isBetween(0, bytes.length);
      } else {
        byte[] tail = data.consumeBytes(data.consumeInt(0, 8));
        chunks.skip(data.consumeInt(tail.length, 10_000), tail);
      }
      assertThat(chunks.bytes()).isNotNegative();
    }
  }

  private static final class Balance implements Exchanges {
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
      throw new AssertionError("HTTP/1 withdraws nothing");
    }

    @Override
    public void lost(String reason) {}

    @Override
    public void switched() {}
  }
}
