package dev.troth.server.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.server.config.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BrokersTest {
  /** An alert of TLS, the head of an answer of HTTP, and a length without what was asked. */
  @ParameterizedTest
  @ValueSource(strings = {"15030300020246000000", "485454502f312e312034", "00000010000000000000"})
  void whatIsNoBrokerIsToldBeforeItsAnswerFillsTheMemory(String answer) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try (Socket client = server.accept()) {
              int _ = client.getInputStream().readNBytes(14).length;
              client.getOutputStream().write(HexFormat.of().parseHex(answer));
            } catch (IOException e) {
              // The check has seen enough.
            }
          });
      KafkaSettings settings =
          new KafkaSettings(
              "127.0.0.1:" + server.getLocalPort(), List.of("in"), Optional.empty(), "g", Map.of());
      assertThatThrownBy(() -> Brokers.consumer(settings, ClientSettings.consumer(settings)))
          .hasMessageContaining("answers with the bytes " + answer.substring(0, 2))
          .hasMessageContaining("which is not Kafka in plain text");
    }
  }
}
