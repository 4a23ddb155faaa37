package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://u:pSECRET@hooks.example/x",
        "https://u:p/SECRET@hooks.example/x",
        "https://u:p SECRET@hooks.example/x",
        "u:pSECRET@hooks.example/x",
        "u:pSECRET@http://hooks.example/x",
      })
  void anAddressThatIsRefusedIsShownWithoutItsPassword(String text) {
    assertThatThrownBy(() -> PinnedClient.requireWebAddress("url", text, "http(s)://host/path"))
        .hasMessageStartingWith("url is '")
        .hasMessageContaining("hooks.example/x', expected http(s)://host/path")
        .hasMessageNotContaining("SECRET");
  }
}
