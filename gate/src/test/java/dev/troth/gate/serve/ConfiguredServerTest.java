package dev.troth.gate.serve;

import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.hs256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.config.GateConfig;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.Keyring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfiguredServerTest extends ConfiguredHostContract {
  private GateServer server;

  @BeforeAll
  void start() throws IOException {
    server = start(CONFIG);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @Override
  protected int port() {
    return server.port();
  }

  @Test
  void thePathMayComeInAFieldThatTheProxySets() throws Exception {
    String config = CONFIG.replace("\"cookie\"", "\"pathFrom\": \"x-original\", \"cookie\"");
    try (GateServer proxied = start(config)) {
      String token = hs256("{\"iss\":\"id\",\"scope\":\"orders:read\"}");
      String credentials = "Authorization: Bearer " + token + "\r\n";
      assertThat(
              status(
                  proxied, credentials + "X-Original-URI: /orders/7?x\r\nX-Original-Method: GET"))
          .isEqualTo(200);
      assertThat(
              status(proxied, credentials + "X-Original-URI: /orders/7\r\nX-Original-Method: POST"))
          .isEqualTo(403);
      assertThat(status(proxied, credentials + "X-Original-URI: /else")).isEqualTo(403);
      assertThat(
              status(
                  proxied,
                  credentials
                      + "X-Original-URI: /else\r\n"
                      + "X-Original-URI: /orders\r\n"
                      + "X-Original-Method: GET"))
          .isEqualTo(403);
      assertThat(status(proxied, credentials)).isEqualTo(403);
      String preflight =
          "X-Original-Method: OPTIONS\r\n"
              + "X-Original-URI: /orders\r\n"
              + "Origin: https://shop.example\r\n"
              + "Access-Control-Request-Method: POST";
      assertThat(status(proxied, preflight)).isEqualTo(200);
    }
  }

  private static int status(GateServer server, String fields) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      return client.send(HttpHostContract.request("GET /auth", fields.strip(), "")).read().status();
    }
  }

  private static GateServer start(String json) throws IOException {
    InstantSource clock = InstantSource.system();
    ServiceSettings settings = GateConfig.read(json.getBytes(UTF_8)).service();
    Gate gate = new Gate(Keyring.secret(SECRET), Policy.DEFAULT, Gate.javaEngine(), clock);
    return GateServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new GateChecker(gate, clock),
        settings,
        GateServer.Limits.DEFAULT);
  }
}
