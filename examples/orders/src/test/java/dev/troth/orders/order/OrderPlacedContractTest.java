package dev.troth.orders.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The contract that a service keeps to, from the registry or from its jar. */
class OrderPlacedContractTest {
  private static final byte[] SMALL = "{\"orderId\":\"1\"}".getBytes(UTF_8);

  private final AtomicReference<String> authorization = new AtomicReference<>("");
  private HttpServer registry;
  private volatile int status = 200;
  private volatile String contract =
      """
      {"contract": "order_placed", "version": "9.0.0", "owner": "orders",
       "schema": {"type": "object", "required": ["orderId"]}}
      """;

  @BeforeEach
  void open() throws IOException {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/registry/subjects/order_placed-value/versions/latest",
        exchange -> {
          String token = exchange.getRequestHeaders().getFirst("Authorization");
          authorization.set(token == null ? "" : token);
          byte[] answer =
              JsonMapper.shared()
                  .writeValueAsBytes(
                      Map.of(
                          "version",
                          2,
                          "schema",
                          "{}",
                          "metadata",
                          Map.of("properties", Map.of("troth.contract", contract))));
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    registry.start();
  }

  @AfterEach
  void close() {
    registry.stop(0);
  }

  private OrderPlacedContract taken() throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + registry.getAddress().getPort());
    return OrderPlacedContract.of(Optional.of(uri), Optional.of("t"));
  }

  @Test
  void theRegistrysNewestVersionCountsAndNotTheOneInTheJar() throws IOException {
    assertThat(OrderPlacedContract.of(Optional.empty(), Optional.empty()).breach(SMALL))
        .isPresent();
    assertThat(taken().breach(SMALL)).isEmpty();
    assertThat(taken().breach("{}".getBytes(UTF_8)).orElseThrow()).contains("orderId");
    assertThat(authorization).hasValue("Bearer t");
    assertThat(taken().version().orElseThrow().getPath())
        .isEqualTo("/registry/subjects/order_placed-value/versions/2");
  }

  @Test
  void withoutAUsableContractThereTheServiceDoesNotStart() {
    status = 404;
    assertThatThrownBy(this::taken)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answered 404 for order_placed-value");
    status = 200;
    contract = "";
    assertThatThrownBy(this::taken)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no usable contract beside the schema of order_placed-value");
    registry.stop(0);
    assertThatThrownBy(this::taken).isInstanceOf(IOException.class);
  }
}
