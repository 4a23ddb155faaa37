package dev.troth.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.stream.AnyConversation;
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
    assertThat(AnyConversation.play(data, new HttpProtocol(Set.of("x-id")))).isZero();
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
}
