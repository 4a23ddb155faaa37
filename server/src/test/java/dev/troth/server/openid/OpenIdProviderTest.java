package dev.troth.server.openid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.console.site.Site;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A certified provider that others wrote ({@code oidc-provider}) signs somebody in. */
class OpenIdProviderTest {
  private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");
  private static final Pattern PROMPT = Pattern.compile("name=\"prompt\" value=\"([^\"]+)\"");

  @Test
  void aPersonGoesThroughItsPagesAndIsSignedIn() throws Exception {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    Path folder = Path.of("src", "test", "oidcjs");
    assumeTrue(
        Files.isDirectory(folder.resolve("node_modules")),
        "the provider is not installed: npm ci --ignore-scripts in server/" + folder);
    Process process;
    try {
      process =
          new ProcessBuilder("node", folder.resolve("provider.mjs").toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException absent) {
      assumeTrue(false, "the provider needs node");
      return;
    }
    try (BufferedReader said = process.inputReader()) {
      String issuer = said.readLine();
      try (TestPlatform platform =
          TestPlatform.start(
              "auth.mode", "token",
              "auth.openid.issuer", issuer,
              "auth.openid.client", "troth",
              "auth.openid.secret", "a secret: 1+1",
              "auth.openid.roles", "staff=member")) {
        platform.clock().set(Instant.now());
        String origin = "http://127.0.0.1:" + platform.port();
        process.outputWriter().write(origin + "/login/openid/callback\n");
        process.outputWriter().flush();
        assertThat(said.readLine()).isEqualTo("ready");
        assertThat(signedIn(origin, issuer)).contains("ada@shop.example", "member");
      }
    } finally {
      process.destroy();
    }
  }

  /** Cookies by origin; the JDK's own writes them as no browser does. */
  private static final class Jar extends CookieHandler {
    private final Map<String, Map<String, String>> all = new ConcurrentHashMap<>();

    private Map<String, String> of(URI uri) {
      return all.computeIfAbsent(uri.getAuthority(), origin -> new ConcurrentHashMap<>());
    }

    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
      String cookies =
          of(uri).entrySet().stream()
              .map(one -> one.getKey() + "=" + one.getValue())
              .collect(Collectors.joining("; "));
      return cookies.isEmpty() ? Map.of() : Map.of("Cookie", List.of(cookies));
    }

    @Override
    public void put(URI uri, Map<String, List<String>> headers) {
      headers.forEach((name, values) -> {
        if (name.equalsIgnoreCase("Set-Cookie")) {
          for (String value : values) {
            String[] pair = value.split(";", 2)[0].split("=", 2);
            of(uri).put(pair[0], pair[1]);
          }
        }
      });
    }
  }

  /** What the platform says of who went through the provider's two pages. */
  private static String signedIn(String origin, String issuer) throws Exception {
    try (HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new Jar())
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build()) {
      HttpResponse<String> page = get(browser, origin + "/login/openid?back=/api/me");
      for (int i = 0; i < 3 && page.uri().toString().startsWith(issuer); i++) {
        String action = found(ACTION, page.body());
        String form = "prompt=" + found(PROMPT, page.body()) + "&login=ada&password=any";
        page =
            browser.send(
                HttpRequest.newBuilder(page.uri().resolve(URI.create(action)))
                    .timeout(Duration.ofSeconds(20))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form, StandardCharsets.UTF_8))
                    .build(),
                BodyHandlers.ofString());
      }
      assertThat(page.uri().toString()).as(page.body()).isEqualTo(origin + "/api/me");
      return page.body();
    }
  }

  private static HttpResponse<String> get(HttpClient browser, String address) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
  }

  private static String found(Pattern pattern, String body) {
    Matcher matcher = pattern.matcher(body);
    assertThat(matcher.find()).as(body).isTrue();
    return matcher.group(1);
  }
}
