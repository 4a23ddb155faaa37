package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.auth.Caller;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.http.Listener;
import dev.troth.server.http.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConsoleRoutesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:20Z"), ZoneOffset.UTC);
  private static final SignIn SIGN_IN =
      new SignIn() {
        @Override
        public String open(String token, boolean https) {
          if (!token.equals("good")) {
            throw Problem.of(401, "the token is not one of this platform").toException();
          }
          return "troth-session=s; Path=/; HttpOnly";
        }

        @Override
        public String end(Optional<String> session, boolean https) {
          return "troth-session=; Path=/; Max-Age=0";
        }
      };

  private final FakeFeeds fake = new FakeFeeds();
  private final HttpClient client = HttpClient.newHttpClient();
  private Listener listener = listen(true);

  private Listener listen(boolean signedIn) {
    Limits limits = new Limits(1 << 20, 100, 100, Duration.ofMinutes(1), Duration.ofSeconds(1));
    return new Listener(
        "http",
        new ListenAddress("127.0.0.1", 0),
        limits,
        List.of((chain, request, response) -> {
          if (signedIn) {
            request.context().register(Caller.DEVELOPER);
          }
          chain.proceed();
        }),
        List.of(new ConsoleRoutes(fake.feeds(), SIGN_IN, CLOCK, "0.1.0")));
  }

  @BeforeEach
  void start() {
    String absence = Site.bundled().absence();
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + absence);
    listener.start();
  }

  @AfterEach
  void stop() {
    listener.stop();
    client.close();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + path))
            .setHeader("Accept", "text/html")
            .method(method, BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.setHeader("Content-Type", "application/x-www-form-urlencoded");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  private HttpResponse<String> post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  /** What is special to a page, so that a failure shows no more than that. */
  private String main(String path) {
    String page = get(path).body();
    return page.substring(page.indexOf("<main"), page.indexOf("</main>"));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void theRecordPageShowsTheRecordBeforeAnyScriptRuns() {
    HttpResponse<String> page = get("/records/1");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains(
            "<h1 class=\"break\">Demo Record</h1>",
            ">Initial Value</p>",
            "New Value",
            ">Watch</button>")
        .contains("data-state=\"empty\"")
        .doesNotContain("\uE000");
    assertThat(header(page, "Content-Security-Policy")).contains("default-src 'none'");
    assertThat(header(page, "Cache-Control")).isEqualTo("private, no-cache");
  }

  @Test
  void formsWorkWithoutScripts() {
    HttpResponse<String> watched = post("/records/1", "do=watch");
    assertThat(watched.statusCode()).isEqualTo(303);
    assertThat(header(watched, "Location")).isEqualTo("/records/1");
    assertThat(post("/records/1", "do=update&value=a+%26+b").statusCode()).isEqualTo(303);
    assertThat(get("/records/1").body())
        .contains(">a &amp; b</p>", ">Unwatch</button>", "1 change");
    assertThat(main("/inbox")).contains("Demo Record is now a &amp; b", "1 unread.");
    assertThat(main("/watches")).contains(">record/1</a>", "1 watch");
  }

  @Test
  void scriptsGetTheNewStateOfThePage() {
    HttpResponse<String> answer =
        post("/records/1", "do=update&value=x", "Accept", "application/json");
    JsonNode state = JsonMapper.shared().readTree(answer.body());
    assertThat(state.at("/record/value").asString()).isEqualTo("x");
    assertThat(state.path("epoch").asString()).isEqualTo("fake");
    assertThat(state.path("rev").asLong()).isEqualTo(1);
    assertThat(state.at("/record/changes/0/before").asString()).isEqualTo("Initial Value");
  }

  @Test
  void aHostileValueIsTextEverywhereOnThePage() {
    String hostile = "</script><script>window.stolen=1</script>\u2028\"'&";
    post("/records/1", "do=update&value=" + URLEncoder.encode(hostile, StandardCharsets.UTF_8));
    String page = get("/records/1").body();
    assertThat(page).doesNotContain("<script>window.stolen");
    assertThat(page).contains("&lt;/script&gt;&lt;script&gt;window.stolen=1");
    String block = page.split("id=\"troth-state\">", 2)[1].split("</script>", 2)[0];
    assertThat(JsonMapper.shared().readTree(block).at("/record/value").asString())
        .isEqualTo(hostile);
  }

  @Test
  void whatDoesNotExistIsSaidInAPage() {
    HttpResponse<String> page = get("/records/7");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("there is not a record 7").contains("<html");
    assertThat(header(get("/records/7", "Accept", "application/json"), "Content-Type"))
        .startsWith("application/problem+json");
    assertThat(post("/records/1", "do=sing").body())
        .contains("do is sing, expected update, watch or unwatch");
  }

  @Test
  void whoIsNotSignedInSignsInAndComesBack() {
    listener.stop();
    listener = listen(false);
    listener.start();
    assertThat(header(get("/records/1"), "Location")).isEqualTo("/login?back=%2Frecords%2F1");
    assertThat(get("/records/1", "Accept", "application/json").statusCode()).isEqualTo(401);
    assertThat(get("/login?back=//elsewhere").body()).contains("name=\"back\" value=\"/\"");
    assertThat(post("/login", "token=bad&back=%2Finbox").body())
        .contains("the token is not one of this platform");
    HttpResponse<String> in = post("/login", "token=good&back=%2Finbox");
    assertThat(header(in, "Location")).isEqualTo("/inbox");
    assertThat(header(in, "Set-Cookie")).startsWith("troth-session=s");
  }

  @Test
  void theThemeComesFromTheCookie() {
    HttpResponse<String> chosen = post("/theme", "theme=dark&back=%2Finbox");
    assertThat(header(chosen, "Set-Cookie")).startsWith("troth-theme=dark; ");
    assertThat(get("/", "Cookie", "troth-theme=dark").body()).contains("data-theme=\"dark\"");
    assertThat(get("/", "Cookie", "troth-theme=x\"y").body()).contains("data-theme=\"auto\"");
    assertThat(post("/theme", "theme=pink").statusCode()).isEqualTo(400);
  }

  @Test
  void assetsAreCompressedAndKept() {
    String page = get("/").body();
    String script = page.split("component-url=\"", 2)[1].split("\"", 2)[0];
    HttpResponse<String> plain = get(script);
    assertThat(header(plain, "Cache-Control")).contains("immutable");
    assertThat(header(plain, "Content-Type")).startsWith("text/javascript");
    HttpResponse<String> brotli = get(script, "Accept-Encoding", "gzip, br;q=0.9");
    assertThat(header(brotli, "Content-Encoding")).isEqualTo("br");
    assertThat(header(get(script, "Accept-Encoding", "br;q=0, gzip"), "Content-Encoding"))
        .isEqualTo("gzip");
    assertThat(get(script, "If-None-Match", header(plain, "ETag")).statusCode()).isEqualTo(304);
    assertThat(get("/_astro/nothing.js").statusCode()).isEqualTo(404);
  }

  @Test
  void anObjectiveWithoutFiguresDoesNotBreakThePage() {
    String broken =
        "{\"name\":\"x\",\"state\":\"broken\",\"stateReason\":\"x.yaml: target is 100.5\"}";
    String bare = "{\"name\":\"bare\",\"state\":\"no data\"}";
    fake.objectives(
        "{\"objectives\":[%s,{},%s]}".formatted(bare, broken),
        "{\"objective\":%s}".formatted(bare));
    assertThat(get("/").statusCode()).isEqualTo(200);
    assertThat(main("/objectives"))
        .contains(">bare</span>", "No data", "Broken", "x.yaml: target is 100.5");
    assertThat(main("/objectives/bare")).contains("Not enough data yet", "No alert has fired");
  }

  @Test
  void aSectionThatFailsSaysSoAndTheRestStands() {
    fake.objectives("not json", "");
    String page = main("/");
    assertThat(page).contains("Objectives cannot be shown just now", "Demo Record");
    assertThat(main("/objectives")).contains("data-state=\"error\"");
  }

  @Test
  void objectivesAndTracesOfTheApiFillTheirPages() throws IOException {
    fake.objectives(example("objectives.json"), example("objective.json"));
    fake.traces(example("traces.json"), example("trace.json"));
    assertThat(main("/")).contains("2 promises are burning");
    assertThat(main("/objectives"))
        .contains(
            "97.310 %", "99 % of requests over 1\u00A0h", "95 % within 800\u00A0ms", "Burning");
    assertThat(main("/objectives/orders"))
        .contains("0 of 41 requests may still fail", "failed, 92 % of all failures")
        .contains("still firing");
    assertThat(main("/traces"))
        .contains("POST /orders", "41.2 ms", "2 errors", "12 refused, 3 too late");
    assertThat(main("/traces/4bf9"))
        .contains("orders: bad at bus", "publish refused", "width=\"100.00%\"");
  }

  private static String example(String file) throws IOException {
    return Files.readString(Path.of("src/test/resources/console", file));
  }

  @Test
  void theNearestAssetOfAnUnknownCodingIsThePlainOne() {
    Asset asset = Asset.of("a.js", Map.of("identity", new byte[] {1}));
    assertThat(asset.coding("br, gzip")).isEqualTo("identity");
  }
}
