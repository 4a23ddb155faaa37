package dev.troth.server.kafka;

import dev.troth.server.config.KafkaSettings;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Opens clients, after it has asked the brokers for the versions that they speak. Kafka's client
 * takes the first four bytes of any answer for a length and makes room for it: a port of TLS, or of
 * HTTP, is hundreds of megabytes.
 */
final class Brokers {
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int LONGEST_ANSWER = 1 << 20;
  private static final short API_VERSIONS = 18;
  private static final int ASKED = 0x74726F74;

  private Brokers() {}

  static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings settings, Map<String, Object> all) {
    require(settings);
    return new KafkaConsumer<>(all);
  }

  static KafkaProducer<byte[], byte[]> producer(KafkaSettings settings, Map<String, Object> all) {
    require(settings);
    return new KafkaProducer<>(all);
  }

  /**
   * Refuses brokers that answer with something else; who does not answer is the client's matter.
   */
  private static void require(KafkaSettings settings) {
    String protocol =
        settings
            .properties()
            .getOrDefault("security.protocol", "PLAINTEXT")
            .toUpperCase(Locale.ROOT);
    if (protocol.endsWith("SSL")) {
      return;
    }
    for (String broker : settings.bootstrap().split("\\s*,\\s*")) {
      int colon = broker.lastIndexOf(':');
      require(broker, broker.substring(0, colon), Integer.parseInt(broker.substring(colon + 1)));
    }
  }

  private static void require(String broker, String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      out.writeInt(10);
      out.writeShort(API_VERSIONS);
      out.writeShort(0);
      out.writeInt(ASKED);
      // A client without a name.
      out.writeShort(-1);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt();
      if (length < 4 || length > LONGEST_ANSWER || in.readInt() != ASKED) {
        throw new IllegalStateException(
            "%s answers with the bytes %s, which is not Kafka in plain text; expected another port, or security.protocol SSL or SASL_SSL"
                .formatted(
                    broker,
                    HexFormat.ofDelimiter(" ")
                        .formatHex(ByteBuffer.allocate(4).putInt(length).array())));
      }
    } catch (IOException e) {
      // Nobody there, or nobody who answers.
    }
  }
}
