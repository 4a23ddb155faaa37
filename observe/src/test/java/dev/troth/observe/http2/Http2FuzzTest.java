package dev.troth.observe.http2;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.stream.AnyConversation;
import java.util.Set;

/** Whatever passes on a socket, reading it as HTTP/2 ends and does no harm. */
final class Http2FuzzTest {
  @FuzzTest(maxDuration = "2m")
  void anyBytesAreReadOrPassedOver(FuzzedDataProvider data) {
    AnyConversation.play(data, new Http2Protocol(Set.of()));
  }
}
