package dev.troth.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Writes a data folder with some of everything, and packs and unpacks such folders. */
final class UpgradeFixture {
  static final Path FOLDER = Path.of("src/test/resources/upgrade");
  static final Path OBJECTIVES = FOLDER.resolve("orders.yaml");

  /** Of both engines; PostgreSQL's rows are beside the steps of the schema that they fit. */
  private static final List<String> FILES =
      List.of("token.key", "tokens.txt", "troth.db", "schema.sql", "rows.copy");

  private UpgradeFixture() {}

  /**
   * What the present platform writes.
   *
   * @param store a database, or {@code off} for the folder's own
   */
  static void write(Path folder, String store) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    TestPlatform platform =
        TestPlatform.startAt(
            "2026-02-28T12:00:10Z",
            "data",
            folder.toString(),
            "store.url",
            store,
            "slo.files",
            OBJECTIVES.toAbsolutePath().toString());
    try {
      Map<String, String> tokens = new HashMap<>();
      for (String who : List.of("ann member", "olga admin", "bob reader")) {
        String[] parts = who.split(" ");
        Answer issued =
            done(
                platform.post(
                    "/api/tokens",
                    "{\"user\":\"%s\",\"role\":\"%s\",\"life\":\"30d\"}"
                        .formatted(parts[0], parts[1])));
        tokens.put(parts[0], issued.json().path("token").asString());
        if (parts[0].equals("bob")) {
          done(platform.delete("/api/tokens/" + issued.json().path("id").asString()));
        }
      }
      String[] ann = bearer(token(tokens, "ann"));
      String[] olga = bearer(token(tokens, "olga"));
      done(platform.post("/api/watches", "{\"target\":\"record/*\"}", ann));
      done(
          platform.post("/api/watches", "{\"target\":\"order/*\",\"filter\":\"price < 10\"}", ann));
      done(platform.post("/api/update/1", "{\"value\":\"told before the upgrade\"}", olga));
      done(
          platform.post(
              "/api/records",
              "{\"name\":\"Pump\",\"value\":\"on\",\"fields\":{\"bar\":2.50,\"ok\":true}}",
              olga));
      done(platform.put("/api/records/7", "{\"name\":\"Valve\",\"value\":\"shut\"}", olga));
      done(
          platform.post(
              "/api/endpoints",
              "{\"channel\":\"webhook\",\"address\":\"https://hooks.example/troth\"}",
              ann));
      done(
          platform.post(
              "http://127.0.0.1:" + platform.port("registry") + "/subjects/orders-value/versions",
              "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":\\\"object\\\"}\"}"));
      requests(platform);
      StringBuilder lines = new StringBuilder();
      tokens.forEach((user, token) -> lines.append(user).append(' ').append(token).append('\n'));
      Files.writeString(folder.resolve("tokens.txt"), lines);
    } finally {
      platform.close();
    }
  }

  /** Six minutes of requests, a tenth of them bad. */
  private static void requests(TestPlatform platform) {
    String otlp = "http://127.0.0.1:" + platform.port("otlp-http") + "/v1/traces";
    for (int minute = 0; minute < 6; minute++) {
      StringBuilder spans = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        long start = (platform.clock().instant().toEpochMilli() - 5_000 + i) * 1_000_000L;
        String id = "%016x".formatted(minute * 100L + i + 1);
        spans
            .append(i == 0 ? "" : ",")
            .append(
                ("{\"traceId\":\"%s%s\",\"spanId\":\"%s\",\"name\":\"POST /orders\",\"kind\":2,"
                        + "\"startTimeUnixNano\":\"%d\",\"endTimeUnixNano\":\"%d\",\"status\":{\"code\":%d}}")
                    .formatted(id, id, id, start, start + 20_000_000L, i % 10 == 0 ? 2 : 1));
      }
      done(
          platform.post(
              otlp,
              "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
                  + "{\"stringValue\":\"orders-api\"}}]},\"scopeSpans\":[{\"spans\":["
                  + spans
                  + "]}]}]}"));
      platform.clock().advance(Duration.ofMinutes(1));
      int counted = 50 * minute;
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(total(platform)).isGreaterThanOrEqualTo(counted));
    }
    platform.clock().advance(Duration.ofMinutes(2));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          assertThat(total(platform)).isEqualTo(300);
          assertThat(platform.get("/api/incidents").body()).contains("orders-");
        });
  }

  private static int total(TestPlatform platform) {
    return platform.get("/api/objectives").json().at("/objectives/0/requests/total").asInt();
  }

  private static Answer done(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer;
  }

  static String token(Map<String, String> tokens, String user) {
    return requireNonNull(tokens.get(user), user);
  }

  static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  static void pack(Path folder, Path zip) throws IOException {
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      for (String name : FILES) {
        if (Files.exists(folder.resolve(name))) {
          out.putNextEntry(new ZipEntry(name));
          Files.copy(folder.resolve(name), out);
          out.closeEntry();
        }
      }
    }
  }

  /** Unpacks what {@link #pack} has packed, for its owner alone as the platform wants it. */
  static void unpack(Path zip, Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (InputStream file = Files.newInputStream(zip);
        ZipInputStream in = new ZipInputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        assertThat(FILES).contains(entry.getName());
        Path to = folder.resolve(entry.getName());
        Files.copy(in, to);
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
      }
    }
  }
}
