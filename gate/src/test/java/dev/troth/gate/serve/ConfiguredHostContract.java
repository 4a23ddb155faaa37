package dev.troth.gate.serve;

import static dev.troth.gate.Tokens.hs256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.serve.RawClient.Response;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every host does with the configuration {@link #CONFIG}. */
public abstract class ConfiguredHostContract {
  /** A host has it with {@code SECRET} in the file {@code secret} beside it. */
  protected static final String CONFIG =
      """
      {"issuers": [{"issuer": ["id", "other"], "secretFile": "secret"}],
       "cookie": "session",
       "rules": [
         {"path": "/health", "methods": ["GET"], "open": true},
         {"path": "/orders", "methods": ["POST", "PUT"], "scopes": ["orders:write"]},
         {"path": "/orders", "scopes": ["orders:read"]},
         {"path": "/admin/", "claims": {"role": ["admin", "root"], "level": 7}},
         {"path": "/reports", "scopes": ["a", "b"]}]}
      """;

  protected abstract int port();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /auth/orders/7|{'scope':'orders:read'}|200",
        "GET /auth/orders?x=1|{'scope':'x orders:read y'}|200",
        "GET /auth/orders/7|{'scope':'orders:reader'}|403",
        "GET /auth/orders/7|{'scp':['orders:read']}|200",
        "POST /auth/orders|{'scope':'orders:read'}|403",
        "PUT /auth/orders|{'scope':'orders:write'}|200",
        "GET /auth/ordersX|{'scope':''}|200",
        "GET /auth/%6Frders|{'scope':''}|403",
        "GET /auth/orders%2F7|{'scope':'orders:read'}|403",
        "GET /auth/x/../orders|{'scope':'orders:read'}|403",
        "GET /auth/x/%2e%2e/orders|{'scope':'orders:read'}|403",
        "GET /auth//orders|{'scope':'orders:read'}|403",
        "GET /auth/orders;a=b|{'scope':'orders:read'}|403",
        "GET /auth/admin|{'role':'admin','level':7}|200",
        "GET /auth/admin/x|{'role':['user','root'],'level':7}|200",
        "GET /auth/admin/x|{'role':'admin','level':8}|403",
        "GET /auth/admin/x|{'role':'adm','level':7}|403",
        "GET /auth/admin/x|{'level':7}|403",
        "GET /auth/reports|{'scope':'b a'}|200",
        "GET /auth/reports|{'scope':'b'}|403",
        "GET /auth/else|{'scope':''}|200",
        "GET /auth|{'scope':''}|200"
      })
  void rulesWantScopesAndClaimsForTheirPaths(String line, String claims, int status)
      throws Exception {
    String token = hs256("{\"iss\":\"id\"," + claims.substring(1).replace('\'', '"'));
    Response response = ask(line, "Authorization: Bearer " + token);
    assertThat(response.status()).isEqualTo(status);
    if (status == 403) {
      assertThat(response.head()).contains("error=\"insufficient_scope\"");
      assertThat(response.body())
          .containsPattern("scope_insufficient|claim_not_allowed|path_not_allowed");
    }
  }

  @Test
  void anOpenPathWantsNoTokenAndForgesNoHeader() throws Exception {
    Response open = ask("GET /auth/health", "X-Auth-Subject: root");
    assertThat(open.status()).isEqualTo(200);
    assertThat(open.head()).contains("X-Auth-Subject: \r\n");
    assertThat(ask("POST /auth/health", "").status()).isEqualTo(401);
    assertThat(ask("GET /auth/health/../orders", "").status()).isEqualTo(401);
  }

  @Test
  void aTokenMayComeInTheCookie() throws Exception {
    String token = hs256("{\"iss\":\"other\",\"sub\":\"alice\"}");
    assertThat(ask("GET /auth", "Cookie: a=b; session=" + token + "; c=d").head())
        .startsWith("HTTP/1.1 200")
        .contains("X-Auth-Subject: alice\r\n");
    for (String field :
        new String[] {
          "Cookie: sessions=" + token,
          "Cookie: session=" + token + "; session=" + token,
          "Cookie: session=" + token + "\r\nCookie: session=" + token,
          "Cookie: session=" + token + "\r\nAuthorization: Basic eA==",
          "Cookie: session="
        }) {
      assertThat(ask("GET /auth", field).status()).as(field).isEqualTo(401);
    }
    assertThat(ask("POST /validate", "Cookie: session=" + token).status())
        .as("who asks for a verdict shows the token")
        .isEqualTo(400);
  }

  @Test
  void aLambdaAuthorizerKeepsToTheRules() throws Exception {
    String token = hs256("{\"iss\":\"id\",\"scope\":\"orders:read\"}");
    String event =
        "{\"version\":\"2.0\",\"rawPath\":\"/orders/7\",\"identitySource\":[\"Bearer %s\"],"
            + "\"requestContext\":{\"http\":{\"method\":\"%s\"}}}";
    assertThat(body(event.formatted(token, "GET"))).startsWith("{\"isAuthorized\":true");
    assertThat(body(event.formatted(token, "POST"))).contains("scope_insufficient");
    assertThat(body("{\"identitySource\":[\"Bearer " + token + "\"]}"))
        .contains("path_not_allowed");
    String arn = "arn:aws:execute-api:eu-west-1:1:api/prod/%s/orders/7";
    String old = "{\"authorizationToken\":\"Bearer %s\",\"methodArn\":\"%s\"}";
    assertThat(body(old.formatted(token, arn.formatted("GET")))).contains("\"Allow\"");
    assertThat(body(old.formatted(token, arn.formatted("PUT")))).contains("\"Deny\"");
  }

  private String body(String event) throws IOException {
    try (RawClient client = new RawClient(port())) {
      return client.send(HttpHostContract.request("POST /authorizer", "", event)).read().body();
    }
  }

  private Response ask(String line, String field) throws IOException {
    try (RawClient client = new RawClient(port())) {
      return client.send(HttpHostContract.request(line, field, "")).read();
    }
  }
}
