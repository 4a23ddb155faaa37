package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.troth.server.auth.Caller;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.channel.PinnedClient;
import dev.troth.server.channel.VettedAddresses;
import dev.troth.server.db.Database;
import dev.troth.server.db.Migrator;
import dev.troth.server.event.EventStore;
import dev.troth.server.event.Events;
import dev.troth.server.http.Json;
import dev.troth.server.rabbit.RabbitBroker;
import dev.troth.server.rows.AllowedFolders;
import dev.troth.server.source.SourceView.StreamView;
import dev.troth.testkit.ManualClock;
import dev.troth.testkit.Size;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.webhook.AddressBlock;
import dev.troth.watch.webhook.AddressRule;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fails the n-th call of the log within a source's transaction, before it and after it, for every n
 * until a run is untouched.
 */
final class SourceFaultTest {
  @TempDir Path folder;

  /** Fails before the append or behind it, when its transaction is not committed yet. */
  private static final class Failing implements ChangeLog<Handle> {
    private final ChangeLog<Handle> log;
    private final int nth;
    final AtomicInteger calls = new AtomicInteger();

    Failing(ChangeLog<Handle> log, int nth) {
      this.log = log;
      this.nth = nth;
    }

    private void call() {
      if (calls.incrementAndGet() == nth) {
        throw new IllegalStateException("the disk is full");
      }
    }

    @Override
    public Change append(Handle handle, NewChange change) {
      if (change.subject().type().equals("source")) {
        return log.append(handle, change);
      }
      call();
      Change appended = log.append(handle, change);
      call();
      return appended;
    }

    @Override
    public List<Change> after(long seq, int limit) {
      return log.after(seq, limit);
    }

    @Override
    public long head() {
      return log.head();
    }
  }

  /** What somebody does at the other end, and what is to be told of it. */
  private abstract static class Case {
    static final int STEPS = Size.count(2, 5);

    /** The field that is looked at, and what it is in the changes of a whole run. */
    final String value;

    final List<String> told;

    Case(String value, List<String> told) {
      this.value = value;
      this.told = told;
    }

    /** The request that adds the source, when its other end is as at first. */
    abstract Map<String, Object> request(int nth) throws Exception;

    /** Does a step, as often as its sender has to. */
    abstract void act(int step, Hooks hooks) throws Exception;
  }

  private void untilUntouched(Case one) throws Exception {
    int nth = 1;
    while (run(one, nth)) {
      nth++;
    }
    assertThat(nth).as("calls that failed").isGreaterThan(2 * Case.STEPS);
  }

  private boolean run(Case one, int nth) throws Exception {
    ManualClock clock = ManualClock.at("2026-03-01T12:00:00Z");
    Database database = new Database(folder.resolve(nth + ".troth"), 2);
    database.start();
    try {
      new Migrator(database, clock).start();
      SqliteChangeLog log = new SqliteChangeLog(database, clock);
      Failing failing = new Failing(log, nth);
      AddressRule reachable = new AddressRule(List.of(AddressBlock.parse("127.0.0.1/32")));
      Events events = new Events(new EventStore(failing));
      PinnedClient client = client(clock, reachable);
      client.start();
      SourceRunner runner =
          new SourceRunner(
              database,
              failing,
              new SourceRunner.Ways(
                  client, reachable, new AllowedFolders(List.of(folder.toRealPath())), events),
              clock);
      runner.start();
      try {
        SourceRequest request = Json.mapper().convertValue(one.request(nth), SourceRequest.class);
        runner.sources().add(Caller.DEVELOPER, request);
        await()
            .until(() -> {
              wake(clock, runner);
              var view = runner.sources().find(Caller.DEVELOPER, "s");
              StreamView stream = view.stream();
              return switch (view.kind()) {
                case "webhook" -> true;
                case "files" -> stream != null && stream.place().equals("1");
                default -> view.standing().health().equals("ok");
              };
            });
        for (int step = 1; step <= Case.STEPS; step++) {
          one.act(step, new Hooks(database, events, clock));
          int told = step * one.told.size() / Case.STEPS;
          await()
              .pollInterval(Duration.ofMillis(20))
              .until(() -> {
                wake(clock, runner);
                return told(log, one).size() >= told;
              });
        }
        assertThat(told(log, one)).as("call %d failed", nth).isEqualTo(one.told);
      } finally {
        String left = runner.sources().remove(Caller.DEVELOPER, "s", true);
        assertThat(left).isEmpty();
        runner.stop();
        client.stop();
      }
      return failing.calls.get() >= nth;
    } finally {
      database.stop();
    }
  }

  private static PinnedClient client(ManualClock clock, AddressRule rule) {
    return new PinnedClient(clock, new VettedAddresses(SystemDefaultDnsResolver.INSTANCE, rule));
  }

  /** Lets what waits after a failure be due. */
  private static void wake(ManualClock clock, SourceRunner runner) {
    clock.advance(Duration.ofSeconds(5));
    var _ = runner.sources().resume(Caller.DEVELOPER, "s");
  }

  private static List<String> told(ChangeLog<Handle> log, Case one) {
    List<String> told = new ArrayList<>();
    for (Change change : log.after(0, 1_000)) {
      if (!change.subject().type().equals("source")) {
        told.add(change.subject() + " " + change.after().values().get(one.value));
      }
    }
    return told;
  }

  private Map<String, Object> request(String kind, String url, Map<String, Object> more) {
    Map<String, Object> request = new TreeMap<>(Map.of("name", "s", "kind", kind, "url", url));
    request.putAll(more);
    return request;
  }

  /** Two in each step, of one subject. */
  private static List<String> twoEach(String subject) {
    return IntStream.rangeClosed(1, 2 * Case.STEPS).mapToObj(n -> subject + " " + n).toList();
  }

  private static List<String> oneEach(String subject) {
    return IntStream.rangeClosed(1, Case.STEPS).mapToObj(n -> subject + " " + n).toList();
  }

  @Test
  void rowsOfSqlite() throws Exception {
    Path file = folder.toRealPath().resolve("app.db");
    String jdbc = "jdbc:sqlite:" + file;
    untilUntouched(
        new Case("n", twoEach("table/t/1")) {
          @Override
          Map<String, Object> request(int nth) throws Exception {
            sql(jdbc, "DROP TABLE IF EXISTS t", "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT)");
            sql(jdbc, "INSERT INTO t VALUES (1, 0)");
            return SourceFaultTest.this.request(
                "sqlite", file.toString(), Map.of("rows", Map.of("tables", List.of("t"))));
          }

          @Override
          void act(int step, Hooks hooks) throws Exception {
            sql(jdbc, "BEGIN", "UPDATE t SET n = n + 1", "UPDATE t SET n = n + 1", "COMMIT");
          }
        });
  }

  @Test
  void rowsOfPostgres() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.builder().setServerConfig("wal_level", "logical").start()) {
      String jdbc = server.getJdbcUrl("postgres", "postgres");
      untilUntouched(
          new Case("n", twoEach("table/public.t/1")) {
            @Override
            Map<String, Object> request(int nth) throws Exception {
              sql(jdbc, "DROP TABLE IF EXISTS t", "CREATE TABLE t (id INT PRIMARY KEY, n INT)");
              sql(jdbc, "INSERT INTO t VALUES (1, 0)");
              return SourceFaultTest.this.request(
                  "postgresql",
                  "postgresql://postgres@127.0.0.1:%d/postgres".formatted(server.getPort()),
                  Map.of("rows", Map.of("tables", List.of("public.t"))));
            }

            @Override
            void act(int step, Hooks hooks) throws Exception {
              sql(jdbc, "BEGIN", "UPDATE t SET n = n + 1", "UPDATE t SET n = n + 1", "COMMIT");
            }
          });
    }
  }

  @Test
  void anHttpResource() throws Exception {
    JsonResource resource = new JsonResource();
    try {
      untilUntouched(
          new Case("n", oneEach("http/s")) {
            @Override
            Map<String, Object> request(int nth) {
              resource.put("{\"n\":0}");
              return SourceFaultTest.this.request(
                  "http", resource.address("/"), Map.of("every", 5));
            }

            @Override
            void act(int step, Hooks hooks) {
              resource.put("{\"n\":%d}".formatted(step));
            }
          });
    } finally {
      resource.close();
    }
  }

  @Test
  void files() throws Exception {
    Path watched = Files.createDirectory(folder.toRealPath().resolve("watched"));
    List<String> told = new ArrayList<>();
    for (int step = 1; step <= Case.STEPS; step++) {
      told.add("file/s/a.txt " + step);
      told.add("file/s/b.txt " + step);
    }
    untilUntouched(
        new Case("content", told) {
          @Override
          Map<String, Object> request(int nth) throws Exception {
            Files.writeString(watched.resolve("a.txt"), "0");
            Files.writeString(watched.resolve("b.txt"), "0");
            return SourceFaultTest.this.request("files", watched.toString(), Map.of());
          }

          @Override
          void act(int step, Hooks hooks) throws Exception {
            for (String name : List.of("a.txt", "b.txt")) {
              Path beside = Files.writeString(watched.resolve("." + name), Integer.toString(step));
              Files.move(beside, watched.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
          }
        });
  }

  @Test
  void aQueue() throws Exception {
    try (RabbitBroker broker = RabbitBroker.start(Files.createDirectory(folder.resolve("mq")));
        Connection connection = broker.connect()) {
      Channel channel = Optional.ofNullable(connection.createChannel()).orElseThrow();
      channel.confirmSelect();
      untilUntouched(
          new Case("n", twoEach("queue/s")) {
            @Override
            Map<String, Object> request(int nth) throws Exception {
              channel.queueDelete("q");
              channel.queueDeclare("q", true, false, false, Map.of());
              return SourceFaultTest.this.request(
                  "rabbitmq",
                  broker.address("q"),
                  Map.of("queue", Map.of("password", RabbitBroker.PASSWORD)));
            }

            @Override
            void act(int step, Hooks hooks) throws Exception {
              for (int n = 2 * step - 1; n <= 2 * step; n++) {
                BasicProperties properties =
                    new BasicProperties.Builder().messageId("m" + n).build();
                channel.basicPublish("", "q", properties, body(n));
              }
              assertThat(channel.waitForConfirms(10_000)).isTrue();
            }
          });
    }
  }

  @Test
  void webhooks() throws Exception {
    String secret = "0123456789abcdef";
    untilUntouched(
        new Case("n", oneEach("hook/s")) {
          @Override
          Map<String, Object> request(int nth) {
            Map<String, Object> request =
                SourceFaultTest.this.request(
                    "webhook", "", Map.of("hook", Map.of("scheme", "github", "secret", secret)));
            request.remove("url");
            return request;
          }

          @Override
          void act(int step, Hooks hooks) throws Exception {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String signature = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body(step)));
            Map<String, String> headers =
                Map.of("x-github-event", "push", "x-hub-signature-256", signature);
            for (int attempt = 0; attempt < 3; attempt++) {
              try {
                var _ = hooks.take("s", headers, body(step));
              } catch (IllegalStateException e) {
                // Answered 500, and sent again; what was taken is sent again too.
                continue;
              }
            }
          }
        });
  }

  private static byte[] body(int n) {
    return "{\"n\":%d}".formatted(n).getBytes(StandardCharsets.UTF_8);
  }

  private static void sql(String jdbc, String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbc);
        var statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }
}
