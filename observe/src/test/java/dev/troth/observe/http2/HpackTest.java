package dev.troth.observe.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.exchange.Header;
import dev.troth.testkit.Property;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HpackTest {
  /** The requests of RFC 7541 Appendix C.4: Huffman codes and a dynamic table that fills. */
  @Test
  void decodesTheExamplesOfTheStandard() {
    HpackDecoder decoder = new HpackDecoder(4_096);
    List<Header> first =
        List.of(
            new Header(":method", "GET"),
            new Header(":scheme", "http"),
            new Header(":path", "/"),
            new Header(":authority", "www.example.com"));
    assertThat(decoder.decode(hex("828684418cf1e3c2e5f23a6ba0ab90f4ff"))).isEqualTo(first);
    List<Header> second = new ArrayList<>(first);
    second.add(new Header("cache-control", "no-cache"));
    assertThat(decoder.decode(hex("828684be5886a8eb10649cbf"))).isEqualTo(second);
    assertThat(decoder.decode(hex("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")))
        .endsWith(new Header("custom-key", "custom-value"));
  }

  @Test
  void decodesWhatItEncodes() {
    List<Header> headers =
        List.of(
            new Header(":method", "POST"),
            new Header(":path", "/x".repeat(200)),
            new Header("content-type", "application/grpc"),
            new Header("te", "trailers"));
    assertThat(new HpackDecoder(4_096).decode(HpackEncoder.encode(headers))).isEqualTo(headers);
  }

  @Test
  void damagedBlocksAreRefused() {
    Property.of("damaged header blocks")
        .runs(5_000, 500_000)
        .check(random -> {
          byte[] bytes = hex("828684418cf1e3c2e5f23a6ba0ab90f4ff408825a849e95ba97d7f");
          for (int i = 1 + random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
          }
          try {
            assertThat(new HpackDecoder(4_096).decode(bytes)).hasSizeLessThan(100);
          } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("null");
          }
        });
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
