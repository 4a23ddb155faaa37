package dev.troth.observe.redis;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.stream.AnyConversation;

/** Whatever passes on a socket, reading it as Redis ends and does no harm. */
final class RedisFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void anyBytesAreReadOrPassedOver(FuzzedDataProvider data) {
    AnyConversation.play(data, new RedisProtocol());
  }
}
