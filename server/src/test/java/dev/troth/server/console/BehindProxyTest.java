package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.console.Proxy.Kind;
import dev.troth.server.console.site.Site;
import dev.troth.testkit.NodeScript;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A platform below a path of its host, behind proxies set up as the documentation says. */
class BehindProxyTest {
  private static final Path GUIDE =
      Path.of(System.getProperty("troth.root", "..")).resolve("docs/platform.md");
  private static final String[] SETTINGS = {
    "http.base-path", "/troth", "auth.mode", "token", "http.proxies", "127.0.0.1"
  };

  @TestFactory
  Stream<DynamicTest> theConsoleBehindNginx() throws IOException, InterruptedException {
    return console(Kind.NGINX);
  }

  @TestFactory
  Stream<DynamicTest> theConsoleBehindCaddy() throws IOException, InterruptedException {
    return console(Kind.CADDY);
  }

  private static Stream<DynamicTest> console(Kind kind) throws IOException, InterruptedException {
    NodeScript.requireChromium();
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    try (TestPlatform platform = TestPlatform.start(SETTINGS);
        Proxy proxy = proxy(kind, platform)) {
      return NodeScript.in("console").checks("test/browser/prefix.mjs", at(proxy), token(platform));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void programsReachApiRegistryGateAndTelemetry(Kind kind)
      throws IOException, InterruptedException {
    try (TestPlatform platform = TestPlatform.start(SETTINGS);
        Proxy proxy = proxy(kind, platform);
        HttpClient client = HttpClient.newHttpClient()) {
      String bearer = "Bearer " + token(platform);
      assertThat(get(client, proxy, "/api/me", bearer).body()).contains("\"user\":\"ann\"");
      assertThat(get(client, proxy, "/registry/subjects", bearer).body()).isEqualTo("[]");
      HttpRequest validate =
          request(proxy, "/gate/validate", bearer).POST(BodyPublishers.noBody()).build();
      assertThat(client.send(validate, BodyHandlers.ofString()).body())
          .isEqualTo("{\"valid\":true}");
      assertThat(get(client, proxy, "/-/ready", bearer).statusCode()).isEqualTo(200);
      HttpResponse<String> spans =
          client.send(
              request(proxy, "/v1/traces", bearer)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"resourceSpans\":[]}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(spans.statusCode()).as(spans.body()).isEqualTo(200);
    }
  }

  private static HttpResponse<String> get(
      HttpClient client, Proxy proxy, String path, String bearer)
      throws IOException, InterruptedException {
    return client.send(request(proxy, path, bearer).build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(Proxy proxy, String path, String bearer) {
    return HttpRequest.newBuilder(URI.create(at(proxy) + path)).header("Authorization", bearer);
  }

  private static String at(Proxy proxy) {
    return "http://127.0.0.1:%d/troth".formatted(proxy.port());
  }

  private static Proxy proxy(Kind kind, TestPlatform platform) throws IOException {
    String settings =
        kind == Kind.NGINX
            ? "pid nginx.pid; error_log stderr; events {}\nhttp { access_log off;\n"
                + block("nginx")
                + "\n}"
            : "{\n  admin off\n}\n" + block("caddyfile");
    return Proxy.start(kind, settings, platform.port("http"), platform.port("otlp-http"));
  }

  /** The block of the guide in this language that is about a base path. */
  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(GUIDE));
    assertThat(block.find()).as("docs/platform.md has a block of " + language).isTrue();
    return block.group(1);
  }

  private static String token(TestPlatform platform) {
    return platform
        .post(
            "/api/tokens",
            "{\"user\":\"ann\",\"role\":\"member\"}",
            "Authorization",
            "Bearer " + platform.ownersToken())
        .json()
        .path("token")
        .asString();
  }
}
