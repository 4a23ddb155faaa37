package dev.troth.server.console.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AssetTest {
  @Test
  void theNearestAssetOfAnUnknownCodingIsThePlainOne() {
    Asset asset = Asset.of("a.js", Map.of("identity", new byte[] {1}));
    assertThat(asset.coding("br, gzip")).isEqualTo("identity");
  }
}
