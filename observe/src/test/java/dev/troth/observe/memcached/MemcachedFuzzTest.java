package dev.troth.observe.memcached;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.stream.AnyConversation;

/** Whatever passes on a socket, reading it as Memcached ends and does no harm. */
final class MemcachedFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void anyBytesAreReadOrPassedOver(FuzzedDataProvider data) {
    AnyConversation.play(data, new MemcachedProtocol());
  }
}
