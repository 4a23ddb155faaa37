package dev.troth.observe.kafka;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.stream.AnyConversation;

/** Whatever passes on a socket, reading it as Kafka ends and does no harm. */
final class KafkaFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void anyBytesAreReadOrPassedOver(FuzzedDataProvider data) {
    AnyConversation.play(data, new KafkaProtocol());
  }
}
