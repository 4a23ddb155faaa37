package dev.troth.observe.postgres;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.troth.observe.stream.AnyConversation;

/** Whatever passes on a socket, reading it as Postgres ends and does no harm. */
final class PostgresFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void anyBytesAreReadOrPassedOver(FuzzedDataProvider data) {
    AnyConversation.play(data, new PostgresProtocol());
  }
}
