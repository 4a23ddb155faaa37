package dev.troth.orders.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.orders.http.Service.Listen;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private Service service;

  @BeforeEach
  void start() throws IOException {
    service = start(false);
  }

  private static Service start(boolean virtualThreads) throws IOException {
    return Service.start(
        new Listen(0, virtualThreads),
        OpenTelemetry.noop(),
        List.of(
            new Route("POST", "/echo/{name}", r -> new Reply(200, "x/y", r.body(), Map.of())),
            new Route("GET", "/echo/{name}", r -> Reply.json(200, r.path("name"))),
            new Route("GET", "/virtual", r -> Reply.json(200, Thread.currentThread().isVirtual())),
            new Route(
                "GET",
                "/broken",
                r -> {
                  throw new IllegalStateException("the secret of the house");
                })));
  }

  @AfterEach
  void stop() {
    service.close();
    client.close();
  }

  @Test
  void answersByTheRouteThatFits() throws Exception {
    assertThat(send("GET", "/echo/ada", "", "").body()).isEqualTo("\"ada\"");
    assertThat(send("POST", "/echo/ada", "application/json", "[1]").body()).isEqualTo("[1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/echo", "/echo/", "/echo/a/b", "/echo/../echo"})
  void isANotFoundProblemElsewhere(String path) throws Exception {
    HttpResponse<String> answer = send("GET", path, "", "");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void saysWhichMethodsAPlaceTakes() throws Exception {
    HttpResponse<String> answer = send("DELETE", "/echo/ada", "", "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "text/json"})
  void refusesABodyThatIsNotJson(String type) throws Exception {
    assertThat(send("POST", "/echo/a", type, "[]").statusCode()).isEqualTo(415);
  }

  @Test
  void refusesABodyOverTheLimitAndTakesOneAtIt() throws Exception {
    String atLimit = " ".repeat(Service.MAX_BODY);

    assertThat(send("POST", "/echo/a", "application/json", atLimit).statusCode()).isEqualTo(200);
    assertThat(send("POST", "/echo/a", "application/json", atLimit + " ").statusCode())
        .isEqualTo(413);
  }

  @Test
  void aMistakeOfOursIsA500ThatTellsNothing() throws Exception {
    HttpResponse<String> answer = send("GET", "/broken", "", "");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("Internal error").doesNotContain("secret", "at dev.troth");
  }

  @Test
  void worksOnPlatformThreadsUnlessAskedForVirtualOnes() throws Exception {
    assertThat(send("GET", "/virtual", "", "").body()).isEqualTo("false");
    service.close();
    service = start(true);
    assertThat(send("GET", "/virtual", "", "").body()).isEqualTo("true");
  }

  @Test
  void namesThePortThatIsTaken() {
    assertThatThrownBy(
            () -> Service.start(new Listen(service.port(), false), OpenTelemetry.noop(), List.of()))
        .hasMessageContaining("port " + service.port());
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(service.uri() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
