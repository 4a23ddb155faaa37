package dev.troth.server.original;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The browser client and the page built on it, at an origin of its own, in Chromium. */
final class WatchJsTest {
  private static final Path EXAMPLES = NodePage.ROOT.resolve("examples").toAbsolutePath();

  /** The page's origin and its backend, which knows that its user is ann. */
  private static HttpServer open() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    return server;
  }

  private static String origin(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static Path build(Path folder, String platform, String backend) throws Exception {
    for (String example : List.of("watch-js", "watch-react")) {
      try (Stream<Path> files = Files.walk(EXAMPLES.resolve(example))) {
        for (Path file : files.filter(path -> !path.toString().contains("node_modules")).toList()) {
          Path copy = folder.resolve(EXAMPLES.relativize(file).toString());
          if (Files.isDirectory(file)) {
            Files.createDirectories(copy);
          } else {
            Files.copy(file, copy);
          }
        }
      }
    }
    Path page = folder.resolve("watch-react");
    Files.writeString(
        page.resolve(".env"), "VITE_TROTH=%s%nVITE_BACKEND=%s%n".formatted(platform, backend));
    var _ =
        NodePage.node(
            page, NodePage.PACKAGE.resolve("node_modules/vite/bin/vite.js").toString(), "build");
    return page.resolve("dist");
  }

  @Test
  void aPageOfAnotherOriginWatchesAndIsToldAlsoAfterItsTokenHasExpired() throws Exception {
    NodePage.assumeInstalled();
    Path folder = NodePage.folder();
    HttpServer page = open();
    HttpServer foreign = open();
    AtomicInteger tokens = new AtomicInteger();
    AtomicBoolean revoked = new AtomicBoolean();
    ObjectNode last = Json.mapper().createObjectNode();
    List<String> ids = new CopyOnWriteArrayList<>();
    try (TestPlatform platform =
        TestPlatform.start("auth.mode", "token", "api.cors.origins", origin(page))) {
      String[] owner = {"Authorization", "Bearer " + platform.ownersToken()};
      page.createContext(
          "/token",
          exchange -> {
            tokens.incrementAndGet();
            if (revoked.get()) {
              answer(exchange, 200, last.get("token").asString());
              return;
            }
            Answer issued =
                platform.post(
                    "/api/tokens",
                    "{\"user\":\"ann\",\"role\":\"member\",\"life\":\"1h\"}",
                    "Authorization",
                    "Bearer " + platform.ownersToken());
            last.setAll((ObjectNode) issued.json());
            ids.add(issued.json().get("id").asString());
            answer(exchange, 200, issued.json().get("token").asString());
          });
      page.createContext(
          "/revoke",
          exchange -> {
            revoked.set(true);
            String[] now = {"Authorization", "Bearer " + platform.ownersToken()};
            for (String id : ids) {
              var _ = platform.delete("/api/tokens/" + id, now);
            }
            answer(exchange, 200, "revoked");
          });
      page.createContext(
          "/others-update",
          exchange -> {
            String value = exchange.getRequestURI().getQuery();
            Answer updated =
                platform.post(
                    "/api/update/1",
                    "{\"value\":\"%s\"}".formatted(value),
                    "Authorization",
                    "Bearer " + platform.ownersToken());
            answer(exchange, updated.status(), updated.body());
          });
      page.createContext(
          "/two-hours-later",
          exchange -> {
            platform.clock().advance(Duration.ofHours(2));
            answer(exchange, 200, "later");
          });
      assertThat(platform.get("/api/me", owner).status()).isEqualTo(200);
      Path built = build(folder, platform.uri("").toString(), origin(page));
      for (HttpServer server : List.of(page, foreign)) {
        server.createContext("/", SimpleFileServer.createFileHandler(built));
        server.start();
      }
      List<String> lines =
          NodePage.node(
                  folder,
                  NodePage.PACKAGE.resolve("watch.mjs").toString(),
                  NodePage.PLAYWRIGHT.toString(),
                  origin(page),
                  origin(foreign))
              .lines()
              .toList();
      JsonNode seen = Json.mapper().readTree(lines.getLast());
      assertThat(seen.get("errors")).as(seen.toString()).isEmpty();
      assertThat(seen.get("bells").valueStream().map(JsonNode::asString))
          .containsExactly(
              "Inbox, 0 unread", "Inbox, 1 unread", "Inbox, 0 unread", "Inbox, 0 unread");
      assertThat(seen.get("list").asString())
          .isEqualTo("Demo Record: value changed from “Initial Value” to first by owner");
      assertThat(seen.get("link").asString()).endsWith("/go/record/1");
      assertThat(seen.get("within").asBoolean()).isTrue();
      assertThat(seen.get("afterRevocation").asString()).isEqualTo("Signed out.");
      assertThat(seen.get("watched").asString()).isEqualTo("true");
      assertThat(seen.get("foreign").asString()).contains("Failed to fetch");
      assertThat(tokens.get()).isBetween(2, 40);
    } finally {
      page.stop(0);
      foreign.stop(0);
      NodePage.delete(folder);
    }
  }

  @Test
  void theClientStaysSmall() throws Exception {
    NodePage.assumeInstalled();
    Path folder = NodePage.folder();
    try {
      String size =
          NodePage.node(
              folder,
              "-e",
              "const z = require('zlib'); console.log(z.brotliCompressSync(require('fs')"
                  + ".readFileSync(process.argv[1])).length)",
              EXAMPLES.resolve("watch-js/watch.js").toString());
      assertThat(Integer.parseInt(size.strip())).as("bytes, packed by brotli").isLessThan(3_072);
    } finally {
      NodePage.delete(folder);
    }
  }
}
