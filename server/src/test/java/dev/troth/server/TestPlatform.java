package dev.troth.server;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Claims;
import dev.troth.server.auth.LocalTokens;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.SigningKey;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import dev.troth.server.db.Database;
import dev.troth.server.http.Json;
import dev.troth.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A whole platform on a free port with a data folder and a clock of its own.
 *
 * <pre>{@code
 * try (TestPlatform platform = TestPlatform.start()) {
 *   assertThat(platform.get("/-/ready").status()).isEqualTo(200);
 * }
 * }</pre>
 */
public final class TestPlatform implements AutoCloseable {
  /** With {@code -Dtroth.store=postgresql} every platform of the tests has a database there. */
  private static final boolean ON_POSTGRES =
      System.getProperty("troth.store", "sqlite").equals("postgresql");

  private final Path folder;
  private static final String START = "2026-03-01T12:00:00Z";

  private final ManualClock clock;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private Platform platform;

  private final Map<String, String> settings = new HashMap<>();
  private final boolean ownDatabase;

  private TestPlatform(Path folder, String start, String... settings) {
    this.folder = folder;
    this.clock = ManualClock.at(start);
    this.settings.put("data", folder.toString());
    this.settings.put("http.listen", "0");
    this.settings.put("registry.listen", "0");
    this.settings.put("otlp.http", "0");
    this.settings.put("otlp.grpc", "0");
    this.ownDatabase = ON_POSTGRES && !List.of(settings).contains("store.url");
    if (ownDatabase) {
      this.settings.put("store.url", TestPostgres.newDatabase());
    }
    for (int i = 0; i < settings.length; i += 2) {
      this.settings.put(settings[i], settings[i + 1]);
    }
    this.platform = Main.start(config(), clock);
  }

  /** A platform with these settings, keys and values in turn, before the defaults. */
  public static TestPlatform start(String... settings) {
    return startAt(START, settings);
  }

  /** The same at another time. */
  public static TestPlatform startAt(String instant, String... settings) {
    try {
      return new TestPlatform(Files.createTempDirectory("troth-test-"), instant, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Config config() {
    return Config.load(Inputs.flagsOnly(settings));
  }

  /** Stops the platform in order and starts another one on the same data, on another port. */
  public void restart() {
    platform.close();
    platform = Main.start(config(), clock);
  }

  /** Where the state is from the next {@link #restart} on. */
  public void store(String url) {
    settings.put("store.url", url);
  }

  /** What a setting is from the next {@link #restart} on; null for what it is by itself. */
  public void change(String key, @Nullable String value) {
    if (value == null) {
      settings.remove(key);
    } else {
      settings.put(key, value);
    }
  }

  /** Stops the platform; {@link #restart} begins another one. */
  public void stop() {
    platform.close();
  }

  public ManualClock clock() {
    return clock;
  }

  public Database database() {
    return platform.database();
  }

  /** The platform's own change log, to state what no request does. */
  public SqliteChangeLog changes() {
    return platform.part(SqliteChangeLog.class);
  }

  /** Whether its state is in the data folder. */
  public boolean isOnSqlite() {
    return settings.getOrDefault("store.url", "off").equals("off");
  }

  /** The names of all its tables. */
  public List<String> tables(Handle handle) {
    return handle
        .createQuery(
            isOnSqlite()
                ? "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
                : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
                    + " ORDER BY table_name")
        .mapTo(String.class)
        .list();
  }

  public Path folder() {
    return folder;
  }

  public int port() {
    return port("http");
  }

  /** The port of another listener. */
  public int port(String listener) {
    return platform.port(listener).orElseThrow();
  }

  /** The address of a path of the API; an address of another listener stays as it is. */
  public URI uri(String path) {
    return path.startsWith("http:")
        ? URI.create(path)
        : URI.create("http://127.0.0.1:" + port() + path);
  }

  /** A watch on a webhook whose address has been removed since: what it tells is a dead letter. */
  public void watchWithoutAddress(String user, String target, String... caller) {
    String book = "{\"user\":\"%s\",\"address\":\"http://127.0.0.1:9/\"}".formatted(user);
    Answer added = post("/api/endpoints", book, caller);
    String wish = "{\"user\":\"%s\",\"target\":\"%s\",\"channels\":[\"inbox\",\"webhook\"]}";
    Answer watched = post("/api/watches", wish.formatted(user, target), caller);
    Answer removed = delete("/api/endpoints/" + added.json().path("id").asLong(), caller);
    if (watched.status() != 201 || removed.status() != 200) {
      throw new AssertionError(added.body() + watched.body() + removed.body());
    }
  }

  /** A token that makes its bearer an admin, as whoever owns the data folder can sign one. */
  public String ownersToken() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Claims claims =
        new Claims(
            "troth",
            new Caller("owner", Role.ADMIN, false),
            now,
            now.plusSeconds(60),
            "owner",
            Optional.empty());
    return new LocalTokens(
            SigningKey.load(SigningKey.fileIn(folder)), "troth", clock, Json.mapper())
        .sign(claims);
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  /** Posts JSON text. */
  public Answer post(String path, String json, String... headers) {
    return send("POST", path, json, headers);
  }

  public Answer put(String path, String json, String... headers) {
    return send("PUT", path, json, headers);
  }

  public Answer delete(String path, String... headers) {
    return send("DELETE", path, null, headers);
  }

  /** Sends a request; headers are names and values in turn; a body is JSON unless they say else. */
  public Answer send(String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
    if (body != null) {
      request.setHeader("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response.headers());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The client, for requests that the shorthands do not cover, such as event streams. */
  public HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    client.shutdownNow();
    platform.close();
    if (ownDatabase) {
      TestPostgres.drop(settings.getOrDefault("store.url", ""));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What came back. */
  public record Answer(int status, String body, HttpHeaders headers) {
    public JsonNode json() {
      return Json.mapper().readTree(body);
    }

    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    public List<String> headerValues(String name) {
      return headers.allValues(name);
    }
  }
}
