package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements to a real PostgreSQL, seen at the client, against the log of the server. */
final class PostgresTest {
  @TempDir Path folder;

  @Test
  void everyStatementIsSeenOnceAsTheServerLogsIt() throws Exception {
    Kernel.requirePrivilege();
    Path log = folder.resolve("postgres.log");
    int statements = Size.count(1_000, 100_000);
    Observer observer;
    try (EmbeddedPostgres postgres = logging(log)) {
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement create = connection.createStatement()) {
        create.execute(
            "CREATE TABLE orders (id int PRIMARY KEY, note text); CREATE TABLE notes (id int)");
      }
      long before = logged(log);
      try (Child peer =
          Child.java(
              folder,
              SqlPeer.class,
              postgres.getJdbcUrl("postgres", "postgres"),
              "" + statements)) {
        observer = Observer.of(Selector.ofProcess(peer.pid()));
        try (observer) {
          peer.closeInput();
          assertThat(peer.waitFor(Duration.ofMinutes(4))).isZero();
        }
      }
      assertThat((long) observer.spans().size())
          .as("spans against the log; %s", observer.counters())
          .isEqualTo(logged(log) - before)
          .isGreaterThanOrEqualTo(statements);
    }
    check(observer.spans(), statements);
    assertThat(observer.counters().lost()).isZero();
  }

  @Test
  void anErrorBehindMoreRowsThanAreKeptIsSeen() throws Exception {
    Kernel.requirePrivilege();
    String rows = "SELECT repeat('x', 100), 1 / (501 - i) FROM generate_series(1, %d) i";
    Observer observer;
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(2)).start();
        Child peer =
            Child.java(
                folder,
                LongRowsPeer.class,
                "" + postgres.getPort(),
                rows.formatted(500),
                rows.formatted(600),
                "BEGIN; " + rows.formatted(600))) {
      observer = Observer.of(Selector.ofProcess(peer.pid()));
      try (observer) {
        peer.closeInput();
        assertThat(peer.waitFor(Duration.ofMinutes(1))).isZero();
      }
    }
    List<Span> spans =
        observer.spans().stream().filter(span -> !span.name().startsWith("ROLLBACK")).toList();
    assertThat(spans).as("%s", observer.counters()).hasSize(6);
    assertThat(spans)
        .extracting(Span::failed)
        .containsExactly(false, false, true, true, true, true);
    assertThat(List.of(spans.get(1), spans.get(3), spans.get(5)))
        .as("of what came in one read, the end alone was seen")
        .allMatch(span -> Observer.text(span, "troth.duration.until").equals("ready for the next"));
    assertThat(List.of(spans.get(2), spans.get(3)))
        .extracting(span -> Observer.text(span, "error.type"))
        .containsExactly("22012", "_OTHER");
  }

  @Test
  void everyStatementOfPsqlIsSeenOnceAsTheServerLogsIt() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("psql");
    Path log = folder.resolve("postgres.log");
    int statements = Size.count(1_000, 100_000);
    long before;
    Observer observer;
    try (EmbeddedPostgres postgres = logging(log);
        Child psql =
            Child.start(
                folder,
                List.of(
                    "sh",
                    "-c",
                    "read go; exec psql -X -q -o /dev/null -f -"
                        + " postgresql://postgres@127.0.0.1:%d/postgres"
                            .formatted(postgres.getPort())))) {
      observer =
          Observer.of(
              ObserveConfig.defaults()
                  .withInstrument(
                      List.of(
                          Selector.ofProcess(psql.pid()),
                          Selector.ofPorts("" + postgres.getPort())))
                  .withLimits(Observer.ROOMY));
      try (observer) {
        before = logged(log);
        psql.input("go\n" + script(statements));
        assertThat(psql.waitFor(Duration.ofMinutes(4))).isZero();
      }
    }
    long failed;
    try (var lines = Files.lines(log)) {
      failed = lines.filter(line -> line.contains("ERROR:  division by zero")).count();
    }
    assertThat(failed).isEqualTo(statements / 4);
    for (Role role : Role.values()) {
      List<Span> spans =
          observer.spans().stream()
              .filter(span -> span.role() == role)
              .filter(span -> !Observer.text(span, "db.query.text").isEmpty())
              .toList();
      assertThat(spans)
          .as("%s; %s", role, observer.counters())
          .hasSize((int) (logged(log) - before));
      assertThat(spans.stream().filter(Span::failed))
          .hasSize((int) failed)
          .allMatch(span -> span.status().equals("22012"))
          .allMatch(span -> Observer.text(span, "db.query.text").contains("g - g"));
      assertThat(named(spans, "INSERT lines")).isEqualTo(statements / 4);
      assertThat(named(spans, "COPY lines")).isEqualTo(2);
    }
    assertThat(observer.counters().lost()).isZero();
  }

  private static EmbeddedPostgres logging(Path log) throws IOException {
    return EmbeddedPostgres.builder()
        .setPGStartupWait(Duration.ofMinutes(2))
        .setServerConfig("log_statement", "all")
        .setOutputRedirector(java.lang.ProcessBuilder.Redirect.appendTo(log.toFile()))
        .setErrorRedirector(java.lang.ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static String script(int statements) {
    StringBuilder text = new StringBuilder("CREATE TABLE lines (id int PRIMARY KEY, note text);\n");
    text.append("COPY lines FROM stdin;\n-1\tone\n-2\ttwo\n\\.\n");
    for (int i = 0; i < statements; i += 4) {
      text.append("INSERT INTO lines VALUES (" + i + ", 'secret');\n");
      text.append("SELECT 1 / (g - g) FROM generate_series(" + i + ", " + i + ") g;\n");
      text.append("SELECT id, note FROM lines WHERE id = " + i + " LIMIT 1;\n");
      text.append("UPDATE lines SET note = 'x' WHERE false;\n");
    }
    return text + "COPY lines TO stdout;\n";
  }

  private static void check(List<Span> spans, int statements) {
    assertThat(spans)
        .allMatch(span -> span.role() == Role.CLIENT)
        .allMatch(span -> Observer.text(span, "db.system.name").equals("postgresql"))
        .allMatch(span -> Observer.text(span, "db.namespace").equals("postgres"));
    assertThat(named(spans, "SELECT orders")).isGreaterThanOrEqualTo(statements * 2 / 5);
    assertThat(named(spans, "INSERT orders")).isEqualTo(statements / 5);
    Set<String> states = new HashSet<>();
    spans.stream().filter(Span::failed).forEach(span -> states.add(span.status()));
    assertThat(states).containsExactlyInAnyOrder("22012", "23505");
    assertThat(named(spans, "INSERT notes")).isEqualTo(statements);
    assertThat(spans.stream().filter(span -> span.status().equals("22012")))
        .as("divisions by zero")
        .hasSize(statements / 5)
        .allMatch(span -> span.name().equals("SELECT orders"))
        .allMatch(span -> Observer.text(span, "db.query.text").contains("id - id"));
    assertThat(spans.stream().filter(span -> span.status().equals("23505")))
        .as("orders that are there already")
        .isNotEmpty()
        .allMatch(span -> span.name().equals("INSERT orders"));
    assertThat(spans.stream().map(span -> Observer.text(span, "db.query.text")))
        .noneMatch(text -> text.contains("secret"))
        .anyMatch(text -> text.equals("SELECT id, note FROM orders WHERE id = $1"));
  }

  private static long named(List<Span> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).count();
  }

  /** The statements that the server has carried out. */
  private static long logged(Path log) throws Exception {
    try (var lines = Files.lines(log)) {
      return lines
          .filter(line -> line.contains("LOG:  statement: ") || line.contains("LOG:  execute "))
          .count();
    }
  }
}
