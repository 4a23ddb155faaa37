package dev.troth.gate.serve;

import static dev.troth.gate.Tokens.hs256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.serve.RawClient.Response;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every host does for the proxies in front of it. */
public abstract class ProxyHostContract {
  protected static final String GOOD =
      hs256("{\"sub\":\"alice\",\"iss\":\"id\",\"exp\":9900000000}");

  protected abstract int port();

  @Test
  void aHeaderWithoutItsClaimOverwritesWhatTheClientSent() throws Exception {
    String nobody = hs256("{\"iss\":\"id\"}");
    Response response =
        exchange("GET /auth", "X-Auth-Subject: root\r\nAuthorization: Bearer " + nobody, "");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.head()).contains("X-Auth-Subject: \r\n").doesNotContain("root");
  }

  @Test
  void aPreflightRequestPassesWithoutAToken() throws Exception {
    String preflight = "Origin: https://shop.example\r\nAccess-Control-Request-Method: POST";
    assertThat(exchange("OPTIONS /auth/orders", preflight, "").status()).isEqualTo(200);
    assertThat(exchange("OPTIONS /auth/orders", "Origin: https://shop.example", "").status())
        .isEqualTo(401);
    assertThat(exchange("POST /auth/orders", preflight, "").status()).isEqualTo(401);
    assertThat(
            exchange("OPTIONS /auth/orders", preflight + "\r\nAuthorization: Bearer x", "")
                .status())
        .isEqualTo(401);
  }

  @Test
  void asManyHeadersAsAProxyPassesOnAreRead() throws Exception {
    String many = ("X-Filler: " + "a".repeat(2_000) + "\r\n").repeat(30);
    assertThat(exchange("GET /auth", many + "Authorization: Bearer " + GOOD, "").status())
        .isEqualTo(200);
  }

  @Test
  void closeAmongOtherOptionsEndsTheConnection() throws Exception {
    for (String field :
        List.of("Connection: close, x", "Connection: x ,CLOSE", "connection: Close")) {
      try (RawClient client = new RawClient(port())) {
        Response response = client.send(request("GET /auth", field, "")).read();
        assertThat(response.head()).as(field).contains("Connection: close");
        assertThat(client.isEnded()).as(field).isTrue();
      }
    }
  }

  @Test
  void aTargetWithSchemeAndHostIsItsPath() throws Exception {
    String field = "Authorization: Bearer " + GOOD;
    assertThat(exchange("GET http://gate.example:3000/auth/orders?x=1", field, "").status())
        .isEqualTo(200);
    assertThat(exchange("GET http://user@gate.example/auth", field, "").status()).isEqualTo(400);
    assertThat(exchange("GET http:///auth", field, "").status()).isEqualTo(400);
    assertThat(exchange("GET ftp://gate.example/auth", field, "").status()).isEqualTo(400);
  }

  protected final Response validate(String body) throws IOException {
    return exchange("POST /validate", "", body);
  }

  protected final Response exchange(String line, String field, String body) throws IOException {
    try (RawClient client = new RawClient(port())) {
      return client.send(request(line, field, body)).read();
    }
  }

  protected static String request(String line, String field, String body) {
    return line
        + " HTTP/1.1\r\nHost: localhost\r\n"
        + (field.isEmpty() ? "" : field + "\r\n")
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
