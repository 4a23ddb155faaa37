package dev.troth.observe.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Header blocks of any bytes are decoded or refused. */
class HpackFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void anyBlocksAreDecodedOrRefused(FuzzedDataProvider data) {
    HpackDecoder decoder = new HpackDecoder(data.consumeInt(0, 4_096));
    while (data.remainingBytes() > 0) {
      try {
        assertThat(decoder.decode(data.consumeBytes(data.consumeInt(1, 300)))).isNotNull();
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageNotContaining("null");
        return;
      }
    }
  }
}
