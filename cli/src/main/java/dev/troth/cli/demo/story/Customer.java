package dev.troth.cli.demo.story;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Places orders, each in a trace that is known beforehand. */
final class Customer implements AutoCloseable {
  private static final String ORDER =
      """
      {"customer":"ada","currency":"EUR","items":[{"sku":"MUG-BLUE","quantity":1,"unitCents":1200}]}
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final URI orders;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final SecureRandom random = new SecureRandom();

  Customer(URI api) {
    this.orders = api.resolve("/orders");
  }

  /** What came of an order; its id is empty if it was not taken. */
  record Placed(String trace, int status, String order, String detail) {}

  Placed place(Optional<String> token) {
    String trace = hex(16);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(orders)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("traceparent", "00-%s-%s-01".formatted(trace, hex(8)))
            .POST(BodyPublishers.ofString(ORDER));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      JsonNode body = JsonMapper.shared().readTree(answer.body());
      return new Placed(
          trace,
          answer.statusCode(),
          body.path("orderId").asString(""),
          body.path("detail").asString(""));
    } catch (IOException | JacksonException e) {
      throw CommandException.failed("%s: %s".formatted(orders, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted");
    }
  }

  private String hex(int bytes) {
    byte[] id = new byte[bytes];
    random.nextBytes(id);
    id[0] |= 1; // an id of zeros is none
    return HexFormat.of().formatHex(id);
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
