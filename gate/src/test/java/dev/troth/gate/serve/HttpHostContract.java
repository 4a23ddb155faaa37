package dev.troth.gate.serve;

import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.base64;
import static dev.troth.gate.Tokens.hs256;
import static dev.troth.gate.Tokens.signed;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.serve.RawClient.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every host of gate does over HTTP; its secret is {@link dev.troth.gate.Tokens#SECRET}. */
public abstract class HttpHostContract {
  protected static final String GOOD =
      hs256("{\"sub\":\"alice\",\"iss\":\"id\",\"exp\":9900000000}");

  protected abstract int port();

  @Test
  void aValidTokenIsAnsweredWith200() throws Exception {
    Response response = validate("{\"token\":\"" + GOOD + "\"}");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"valid\":true}");
  }

  @Test
  void anExpiredTokenIsAnsweredWith401InTheUsualWords() throws Exception {
    Response response = validate("{\"token\":\"" + hs256("{\"exp\":1}") + "\"}");
    assertThat(response.status()).isEqualTo(401);
    assertThat(response.body())
        .isEqualTo("{\"valid\":false,\"error\":\"jwt expired\",\"reason\":\"expired\"}");
    assertThat(response.head())
        .contains("WWW-Authenticate: Bearer realm=\"troth\", error=\"invalid_token\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|400|No token provided",
        "{}|400|No token provided",
        "{\"token\":\"\"}|400|No token provided",
        "{\"token\":null}|400|No token provided",
        "{\"token\":|400|No token provided",
        "[]|400|No token provided",
        "nonsense|400|No token provided",
        "{\"token\":\"a\",\"token\":\"b\"}|400|No token provided",
        "{\"token\":5}|401|jwt must be a string",
        "{\"token\":\"abc\"}|401|jwt malformed",
        "{\"token\":\"a.b.c\"}|401|invalid token"
      })
  void bodiesHaveTheirAnswers(String body, int status, String error) throws Exception {
    Response response = validate(body);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.body()).contains("\"valid\":false,\"error\":\"" + error + "\"");
  }

  @Test
  void aTokenMayBeWrittenWithEscapes() throws Exception {
    String escaped = "\\u" + "%04x".formatted((int) GOOD.charAt(0)) + GOOD.substring(1);
    assertThat(validate(" { \"x\" : [1] , \"\\u0074oken\" : \"" + escaped + "\" } ").status())
        .isEqualTo(200);
  }

  @Test
  void anEmptyBodyLetsTheHeaderSpeak() throws Exception {
    assertThat(exchange("POST /validate", "Authorization: Bearer " + GOOD, "").status())
        .isEqualTo(200);
    assertThat(exchange("POST /validate", "authorization:bearer  " + GOOD, "").status())
        .isEqualTo(200);
    assertThat(exchange("POST /validate", "Authorization: Basic " + GOOD, "").status())
        .isEqualTo(400);
    assertThat(exchange("POST /validate", "Authorization: Bearer " + GOOD, "{}").status())
        .isEqualTo(400);
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(exchange("GET /", "", "").status()).isEqualTo(404);
    assertThat(exchange("POST /validate/", "", "").status()).isEqualTo(404);
    Response response = exchange("GET /validate", "", "");
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.head()).contains("Allow: POST");
    assertThat(exchange("POST /validate?x=1", "", "{\"token\":\"" + GOOD + "\"}").status())
        .isEqualTo(200);
  }

  @Test
  void proxiesAreToldByStatusAndGetTheListedClaims() throws Exception {
    for (String line : List.of("GET /auth", "POST /auth/orders/7?x=1", "DELETE /auth/")) {
      Response response = exchange(line, "Authorization: Bearer " + GOOD, "");
      assertThat(response.status()).as(line).isEqualTo(200);
      assertThat(response.head())
          .contains("X-Auth-Subject: alice\r\n")
          .contains("X-Auth-Issuer: id\r\n");
    }
    Response nobody = exchange("GET /auth", "", "");
    assertThat(nobody.status()).isEqualTo(401);
    assertThat(nobody.head()).contains("WWW-Authenticate: Bearer realm=\"troth\"\r\n");
    assertThat(exchange("GET /authentic", "Authorization: Bearer " + GOOD, "").status())
        .isEqualTo(404);
  }

  @Test
  void aClaimCannotBeginAnotherHeader() throws Exception {
    String token = hs256("{\"sub\":\"a\\r\\nX-Auth-Issuer: root\"}");
    Response response = exchange("GET /auth", "Authorization: Bearer " + token, "");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.head()).contains("X-Auth-Subject: \r\n").doesNotContain("root");
  }

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

  @Test
  void twoAuthorizationHeadersAreAmbiguous() throws Exception {
    String twice = "Authorization: Bearer " + GOOD + "\r\nAuthorization: Bearer " + GOOD;
    assertThat(exchange("GET /auth", twice, "").status()).isEqualTo(401);
  }

  @Test
  void aLambdaAuthorizerIsAnsweredInItsSimpleFormat() throws Exception {
    String event =
        "{\"version\":\"2.0\",\"type\":\"REQUEST\",\"routeArn\":\"arn:aws:execute-api:x\","
            + "\"identitySource\":[\"Bearer %s\"],\"headers\":{\"authorization\":\"Bearer %s\"},"
            + "\"requestContext\":{\"http\":{\"method\":\"GET\"}}}";
    Response allowed = exchange("POST /authorizer", "", event.formatted(GOOD, GOOD));
    assertThat(allowed.status()).isEqualTo(200);
    assertThat(allowed.body())
        .startsWith("{\"isAuthorized\":true,\"context\":{")
        .contains("\"sub\":\"alice\"");
    String bad = hs256("{\"exp\":1}");
    assertThat(exchange("POST /authorizer", "", event.formatted(GOOD, bad)).body())
        .isEqualTo("{\"isAuthorized\":false,\"context\":{\"reason\":\"expired\"}}");
  }

  @Test
  void aLambdaAuthorizerOfPayload1IsAnsweredWithAPolicy() throws Exception {
    String arn = "arn:aws:execute-api:eu-west-1:1:api/prod/GET/orders";
    String token =
        hs256("{\"sub\":\"al\\\"ice\",\"level\":7,\"admin\":true,\"list\":[1],\"none\":null}");
    Response allowed =
        exchange(
            "POST /authorizer",
            "",
            "{\"type\":\"TOKEN\",\"authorizationToken\":\"Bearer %s\",\"methodArn\":\"%s\"}"
                .formatted(token, arn));
    assertThat(allowed.status()).isEqualTo(200);
    assertThat(allowed.body())
        .isEqualTo(
            "{\"principalId\":\"al\\\"ice\",\"policyDocument\":{\"Version\":\"2012-10-17\","
                + "\"Statement\":[{\"Action\":\"execute-api:Invoke\",\"Effect\":\"Allow\","
                + "\"Resource\":\"%s\"}]},\"context\":{\"admin\":true,\"level\":7,".formatted(arn)
                + "\"sub\":\"al\\\"ice\"}}");
    String request =
        "{\"type\":\"REQUEST\",\"methodArn\":\"%s\",\"headers\":{\"Authorization\":\"bearer"
            + " %s\"%s}}";
    assertThat(exchange("POST /authorizer", "", request.formatted(arn, token, "")).body())
        .contains("\"Effect\":\"Allow\"");
    Response denied =
        exchange("POST /authorizer", "", request.formatted(arn, hs256("{\"exp\":1}"), ""));
    assertThat(denied.body())
        .contains("\"principalId\":\"unknown\"")
        .contains("\"Effect\":\"Deny\",\"Resource\":\"" + arn + "\"")
        .endsWith("\"context\":{\"reason\":\"expired\"}}");
    String twice = ",\"AUTHORIZATION\":\"Bearer " + token + "\"";
    assertThat(exchange("POST /authorizer", "", request.formatted(arn, token, twice)).body())
        .contains("\"reason\":\"token_missing\"");
  }

  @Test
  void aBodyMayComeInChunks() throws Exception {
    String head = "POST /validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n";
    String body = "{\"token\":\"" + GOOD + "\"}";
    StringBuilder chunks = new StringBuilder();
    for (int i = 0; i < body.length(); i += 7) {
      String part = body.substring(i, Math.min(body.length(), i + 7));
      chunks.append("%X;name=\"v\"\r\n%s\r\n".formatted(part.length(), part));
    }
    String request = head + chunks + "0\r\nTrailer: x\r\n\r\n";
    String empty = head + "0\r\n\r\n";
    try (RawClient client = new RawClient(port())) {
      client.send(request + empty + request);
      assertThat(client.read(3).stream().map(Response::status)).containsExactly(200, 400, 200);
      for (char c : request.toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.read().status()).isEqualTo(200);
      client.send(head.replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.send("2\r\n{}\r\n0\r\n\r\n").read().status()).isEqualTo(400);
    }
  }

  @Test
  void chunksThatNeverEndAreRefused() throws Exception {
    try (RawClient client = new RawClient(port())) {
      client.send("POST /validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("1\r\na\r\n".repeat(8_000));
      assertThat(client.read().status()).isEqualTo(413);
    }
  }

  @Test
  void metricsCountVerdictsByReason() throws Exception {
    validate("{\"token\":\"" + GOOD + "\"}");
    validate("{\"token\":\"" + hs256("{\"exp\":1}") + "\"}");
    Response response = exchange("GET /metrics", "", "");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body())
        .containsPattern("troth_gate_verdicts_total\\{reason=\"valid\"} [1-9]")
        .containsPattern("troth_gate_verdicts_total\\{reason=\"expired\"} [1-9]")
        .containsPattern("troth_gate_verdict_seconds_count [1-9]")
        .contains("troth_gate_key_age_seconds");
    assertThat(exchange("GET /-/healthy", "", "").status()).isEqualTo(200);
    assertThat(exchange("GET /-/ready", "", "").status()).isEqualTo(200);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    String one = request("POST /validate", "", "{\"token\":\"" + GOOD + "\"}");
    String two = request("POST /validate", "", "{}");
    String three = request("GET /nothing", "", "");
    try (RawClient client = new RawClient(port())) {
      client.send((one + two + three).repeat(20));
      List<Integer> statuses = new ArrayList<>();
      for (Response response : client.read(60)) {
        statuses.add(response.status());
      }
      for (int i = 0; i < 60; i += 3) {
        assertThat(statuses.subList(i, i + 3)).containsExactly(200, 400, 404);
      }
    }
  }

  @Test
  void aRequestMayArriveByteByByte() throws Exception {
    try (RawClient client = new RawClient(port())) {
      for (char c : request("POST /validate", "", "{\"token\":\"x\"}").toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.read().status()).isEqualTo(401);
    }
  }

  @Test
  void aClientThatEndsItsSideStillGetsItsAnswer() throws Exception {
    try (RawClient client = new RawClient(port())) {
      client.send(request("POST /validate", "", "{\"token\":\"" + GOOD + "\"}"));
      client.endOutput();
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void aBodyIsAskedForWhenTheClientWaits() throws Exception {
    try (RawClient client = new RawClient(port())) {
      client.send(
          "POST /validate HTTP/1.1\r\n"
              + "Host: x\r\n"
              + "Expect: 100-continue\r\n"
              + "Content-Length: 2\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(100);
      assertThat(client.send("{}").read().status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|POST /validate HTTP/1.1\\nHost: x\\n\\n",
        "400|POST /validate HTTP/1.1\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nHost: y\\r\\n\\r\\n",
        "400|POST  /validate HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
        "400|POST validate HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
        "400|PO(T /validate HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n",
        "505|POST /validate HTTP/2.0\\r\\nHost: x\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost : x\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\n folded\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -1\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\nContent-Length:"
            + " 1\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1,1\\r\\n\\r\\n",
        "501|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: gzip,"
            + " chunked\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding:"
            + " chunked\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding:"
            + " chunked\\r\\nContent-Length: 2\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.0\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding:"
            + " chunked\\r\\n\\r\\nx\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding:"
            + " chunked\\r\\n\\r\\n2\\n{}\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2"
            + " \\r\\n{}\\r\\n",
        "400|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding:"
            + " chunked\\r\\n\\r\\n1\\r\\n{}\\r\\n",
        "413|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding:"
            + " chunked\\r\\n\\r\\n4001\\r\\n",
        "413|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nContent-Length:"
            + " 999999999999999999999\\r\\n\\r\\n",
        "413|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 16385\\r\\n\\r\\n",
        "417|POST /validate HTTP/1.1\\r\\nHost: x\\r\\nExpect: tea\\r\\n\\r\\n"
      })
  void whatCanBeReadInTwoWaysEndsTheConnection(int status, String text) throws Exception {
    try (RawClient client = new RawClient(port())) {
      client.send(text.replace("\\r", "\r").replace("\\n", "\n"));
      Response response = client.read();
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.head()).contains("Connection: close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void aHeadWithoutEndIsRefused() throws Exception {
    try (RawClient client = new RawClient(port())) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(66_000));
      assertThat(client.read().status()).isEqualTo(431);
    }
  }

  @Test
  void aTokenOfAnotherKeyIsRefused() throws Exception {
    String other = signed("{\"alg\":\"HS256\"}", "{}", base64(SECRET).getBytes(US_ASCII));
    assertThat(validate("{\"token\":\"" + other + "\"}").body()).contains("invalid signature");
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
