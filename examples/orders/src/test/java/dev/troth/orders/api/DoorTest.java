package dev.troth.orders.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.http.Service.Listen;
import dev.troth.orders.process.Running;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The api with a key file lets in who has a token of it, and tells the others why not. */
final class DoorTest {
  private static final String SECRET = "the secret of this test, of more than 32 bytes";
  private static final String ORDER =
      "{\"customer\":\"ada\",\"currency\":\"EUR\","
          + "\"items\":[{\"sku\":\"MUG\",\"quantity\":1,\"unitCents\":1200}]}";
  private static final long LATER = 9_900_000_000L;

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private Service handler;
  private Running api;

  @BeforeEach
  void start() throws Exception {
    Route take =
        new Route(
            "POST",
            "/orders",
            request ->
                Reply.json(201, Map.of("for", request.header("troth-caller").orElse("nobody"))));
    handler = Service.start(new Listen(0, false), OpenTelemetry.noop(), List.of(take));
    Path keys = Files.writeString(folder.resolve("keys"), SECRET + "\n");
    api = start(keys);
  }

  private Running start(Path keys) throws IOException {
    return Api.start(
        new Listen(0, false),
        new Api.Settings(handler.uri(), Optional.of(keys)),
        OpenTelemetry.noop());
  }

  @AfterEach
  void stop() {
    api.close();
    handler.close();
    client.close();
  }

  @Test
  void aGoodTokenOpens() throws Exception {
    String token =
        token(SECRET, "{\"sub\":\"ada\",\"aud\":\"orders\",\"exp\":%d}".formatted(LATER));

    assertThat(order("Bearer " + token).statusCode()).isEqualTo(201);
    assertThat(order("bearer  " + token).statusCode()).isEqualTo(201);
  }

  @Test
  void theSubjectOfTheTokenGoesOnWithTheOrderAndNobodyElseSaysIt() throws Exception {
    String token =
        token(SECRET, "{\"sub\":\"ada é\",\"aud\":\"orders\",\"exp\":%d}".formatted(LATER));

    assertThat(order("Bearer " + token).body()).contains("\"for\":\"ada+%C3%A9\"");
    try (Running open =
        Api.start(
            new Listen(0, false),
            new Api.Settings(handler.uri(), Optional.empty()),
            OpenTelemetry.noop())) {
      HttpRequest pretended =
          HttpRequest.newBuilder(open.uri().resolve("/orders"))
              .header("Content-Type", "application/json")
              .header("Troth-Caller", "grace")
              .POST(BodyPublishers.ofString(ORDER))
              .build();
      assertThat(client.send(pretended, BodyHandlers.ofString()).body())
          .contains("\"for\":\"nobody\"");
    }
  }

  @Test
  void aSubjectThatIsNoNameIsRefused() throws Exception {
    for (String subject : List.of("", "x".repeat(257), "a\\u0001b")) {
      String token =
          token(SECRET, "{\"sub\":\"%s\",\"aud\":\"orders\",\"exp\":%d}".formatted(subject, LATER));
      HttpResponse<String> refused = order("Bearer " + token);
      assertThat(refused.statusCode()).as(subject).isEqualTo(401);
    }
  }

  @Test
  void withoutATokenTheCallerIsToldWhatIsExpected() throws Exception {
    for (String credentials : List.of("", "Basic YTpi", "Bearer ")) {
      HttpResponse<String> refused = order(credentials);
      assertThat(refused.statusCode()).as(credentials).isEqualTo(401);
      assertThat(refused.headers().firstValue("WWW-Authenticate"))
          .hasValue("Bearer realm=\"orders\"");
      assertThat(detail(refused))
          .isEqualTo("the request has no token, expected the header Authorization: Bearer TOKEN");
    }
  }

  @Test
  void aBadTokenIsRefusedWithItsReason() throws Exception {
    Map<String, String> reasons =
        Map.of(
            token(SECRET, "{\"sub\":\"ada\",\"aud\":\"orders\",\"exp\":1}"),
            "jwt expired (expired)",
            token(SECRET, "{\"sub\":\"ada\",\"aud\":\"stock\",\"exp\":%d}".formatted(LATER)),
            "jwt audience invalid (audience_not_allowed)",
            token(SECRET, "{\"aud\":\"orders\",\"exp\":%d}".formatted(LATER)),
            "required claim missing (claim_missing)",
            token(
                "x".repeat(40), "{\"sub\":\"ada\",\"aud\":\"orders\",\"exp\":%d}".formatted(LATER)),
            "invalid signature (signature_invalid)",
            "nonsense",
            "jwt malformed (token_malformed)");

    for (Map.Entry<String, String> each : reasons.entrySet()) {
      HttpResponse<String> refused = order("Bearer " + each.getKey());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(detail(refused)).isEqualTo("the token is refused: " + each.getValue());
      assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
          .contains("error=\"invalid_token\"");
    }
  }

  @Test
  void readingIsBehindTheDoorAndHealthIsNot() throws Exception {
    assertThat(get("/orders/1a204066d18-1db7114e").statusCode()).isEqualTo(401);
    assertThat(get("/-/healthy").statusCode()).isEqualTo(200);
  }

  @Test
  void aKeyThatIsTooShortIsRefusedAtTheStart() throws Exception {
    Path keys = Files.writeString(folder.resolve("short"), "short");

    assertThatThrownBy(() -> start(keys))
        .hasMessageContaining("5 bytes for HS256, expected at least 32");
  }

  private HttpResponse<String> order(String credentials) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri("/orders"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(ORDER));
    if (!credentials.isEmpty()) {
      request.header("Authorization", credentials);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + api.port() + path);
  }

  private static String detail(HttpResponse<String> response) {
    JsonNode problem = JsonMapper.shared().readTree(response.body());
    assertThat(problem.path("title").asString()).isEqualTo("No valid token");
    return problem.path("detail").asString();
  }

  private static String token(String secret, String claims) throws Exception {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String text =
        base64.encodeToString("{\"alg\":\"HS256\"}".getBytes(UTF_8))
            + "."
            + base64.encodeToString(claims.getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return text + "." + base64.encodeToString(mac.doFinal(text.getBytes(UTF_8)));
  }
}
