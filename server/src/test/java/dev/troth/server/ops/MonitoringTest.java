package dev.troth.server.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.gate.http.GateMetrics;
import dev.troth.gate.http.Output;
import dev.troth.server.TestPlatform;
import dev.troth.server.tls.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The alerts and the dashboard that come with Troth: each of their metrics is one that it tells.
 */
class MonitoringTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("troth.root", "..")).resolve("packaging/monitoring");
  private static final Pattern NAME = Pattern.compile("\\btroth_[a-z_]+[a-z]");

  @TempDir Path folder;

  @Test
  void eachMetricOfTheAlertsAndTheDashboardIsTold() throws Exception {
    Set<String> asked = names(Files.readString(FOLDER.resolve("alerts.yaml")));
    asked.addAll(names(Files.readString(FOLDER.resolve("dashboard.json"))));
    assertThat(asked).hasSizeGreaterThan(20);

    Output gate = new Output(4096);
    new GateMetrics().write(gate, 0, false);
    TestCertificates certificates = new TestCertificates(folder);
    certificates.make("one", "ed25519");
    Set<String> told = names(new String(gate.bytes(), 0, gate.length(), UTF_8));
    try (TestPlatform platform =
        TestPlatform.start(
            "slo.files",
            FOLDER.resolve("../../examples/orders/slo.yaml").toString(),
            "watch.webhooks.allow",
            "127.0.0.1/32",
            "tls.certificate-file",
            certificates.file("one.crt").toString(),
            "tls.key-file",
            certificates.file("one.key").toString(),
            "tls.listeners",
            "registry")) {
      // One source that is read and one that cannot be: without, their metrics are not there.
      for (String url : List.of(platform.uri("/api/me").toString(), "http://127.0.0.1:1/")) {
        assertThat(
                platform
                    .post(
                        "/api/sources",
                        "{\"name\":\"s%d\",\"url\":\"%s\",\"every\":60}"
                            .formatted(url.length(), url))
                    .status())
            .isEqualTo(201);
      }
      await()
          .untilAsserted(() -> {
            told.addAll(names(platform.get("/metrics").body()));
            assertThat(told).containsAll(asked);
          });
    }
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(found -> found.group())
        .collect(toCollection(TreeSet::new));
  }

  @Test
  void promtoolTakesTheAlertsAndEachFiresOnItsFaultAlone() throws Exception {
    assumeTrue(onPath("promtool"), "no promtool: apt-get install prometheus");
    assertThat(run("promtool", "check", "config", "--syntax-only", "prometheus.yaml")).isZero();
    assertThat(run("promtool", "check", "rules", "alerts.yaml")).isZero();
    assertThat(run("promtool", "test", "rules", "alerts_test.yaml")).isZero();
  }

  private static boolean onPath(String program) {
    return Pattern.compile(":")
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static int run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).directory(FOLDER.toFile()).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void thePanelsOfTheDashboardStandApartAndEachAsksForSomething() throws Exception {
    JsonNode dashboard =
        JsonMapper.shared().readTree(Files.readString(FOLDER.resolve("dashboard.json"), UTF_8));
    boolean[][] taken = new boolean[100][24];
    for (JsonNode panel : dashboard.get("panels")) {
      assertThat(panel.at("/targets/0/expr").asString())
          .as(panel.get("title").asString())
          .isNotBlank();
      JsonNode at = panel.get("gridPos");
      for (int y = at.get("y").asInt(); y < at.get("y").asInt() + at.get("h").asInt(); y++) {
        for (int x = at.get("x").asInt(); x < at.get("x").asInt() + at.get("w").asInt(); x++) {
          assertThat(taken[y][x]).as("%s at %d, %d", panel.get("title"), x, y).isFalse();
          taken[y][x] = true;
        }
      }
    }
  }
}
