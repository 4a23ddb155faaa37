package dev.troth.server.original;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The React page of the small design that Troth grew from, as it was published but for the address
 * of its API, built with Vite and used in Chromium.
 */
final class PublishedPageTest {
  private static Path published() {
    String suites = Optional.ofNullable(System.getenv("TROTH_SUITES")).orElse("");
    Path folder = Path.of(suites, "..", "original", "watch");
    assumeTrue(
        !suites.isEmpty() && Files.exists(folder.resolve("App.js")),
        "the published page is not there: set TROTH_SUITES to a folder beside it");
    NodePage.assumeInstalled();
    return folder;
  }

  /** Builds the page below its packages, where its imports find them. */
  private static Path build(Path published, Path folder, String api) throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src"));
    Files.copy(NodePage.PACKAGE.resolve("index.html"), folder.resolve("index.html"));
    Files.copy(NodePage.PACKAGE.resolve("main.jsx"), sources.resolve("main.jsx"));
    Files.copy(published.resolve("App.js"), sources.resolve("App.js"));
    String client = Files.readString(published.resolve("api.js"));
    String address = "http://localhost:4000/api";
    assertThat(client).containsOnlyOnce(address);
    Files.writeString(sources.resolve("api.js"), client.replace(address, api));
    var _ =
        NodePage.node(
            folder,
            NodePage.PACKAGE.resolve("node_modules/vite/bin/vite.js").toString(),
            "build",
            "--config",
            NodePage.PACKAGE.resolve("vite.config.mjs").toString());
    return folder.resolve("dist");
  }

  @Test
  void thePageShowsTheRecordWatchesItUpdatesItAndItsUserIsTold() throws Exception {
    Path published = published();
    Path folder = NodePage.folder();
    HttpServer pages =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String origin = "http://127.0.0.1:" + pages.getAddress().getPort();
    try (TestPlatform platform = TestPlatform.start("api.cors.origins", origin)) {
      Path built = build(published, folder, platform.uri("/api").toString());
      pages.createContext("/", SimpleFileServer.createFileHandler(built));
      pages.start();
      List<String> lines =
          NodePage.node(
                  folder,
                  NodePage.PACKAGE.resolve("page.mjs").toString(),
                  NodePage.PLAYWRIGHT.toString(),
                  origin)
              .lines()
              .toList();
      JsonNode seen = Json.mapper().readTree(lines.getLast());
      assertThat(seen.path("errors")).as(seen.toString()).isEmpty();
      assertThat(seen.path("before").asString())
          .contains("Record: Demo Record", "Value: Initial Value");
      assertThat(seen.path("alerts").valueStream().map(JsonNode::asString))
          .containsExactly(
              "demo-user is now watching Demo Record.",
              "Enter a new value first!",
              "Record updated and notifications queued.");
      assertThat(seen.path("after").asString()).contains("Value: from the published page");
      assertThat(seen.path("field").asString()).isEmpty();
      await()
          .untilAsserted(() ->
              assertThat(platform.get("/api/inbox?user=demo-user").json().path("items"))
                  .singleElement()
                  .asString()
                  .contains(
                      "Demo Record: value changed from “Initial Value” to “from the published page”"));
    } finally {
      pages.stop(0);
      NodePage.delete(folder);
    }
  }
}
