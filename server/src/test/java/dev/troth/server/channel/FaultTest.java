package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.testkit.Size;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Fails the n-th statement of what tells changes, and the n-th request, for every n until a round
 * is untouched: what is sent at once, what quiet hours and digests hold, and pages lose nothing and
 * keep the order of each subject.
 */
final class FaultTest {
  /** Small builds try some of them; which ones differs from run to run, and is printed. */
  private static final int STEP = Size.count(53, 1);

  private static final Pattern TELLING =
      Pattern.compile("\\b(delivery|attempt|fanout|page|message_count|endpoint)\\b");
  private static final String OWN = "/* test */ ";

  private final Desk desk = new Desk("webhook");
  private final AtomicInteger statements = new AtomicInteger();
  private volatile int failing = Integer.MAX_VALUE;
  private volatile boolean failed;
  private int day;

  /** The numbers of the requests that were answered with 503: their messages have not arrived. */
  private final Set<Integer> refused = new TreeSet<>();

  @AfterEach
  void close() {
    failing = Integer.MAX_VALUE;
    desk.close();
  }

  private void injectFaults() {
    SqlLogger faults =
        new SqlLogger() {
          @Override
          public void logBeforeExecution(StatementContext context) {
            String sql = context.getRawSql();
            if (!sql.startsWith(OWN) && TELLING.matcher(sql).find()) {
              if (statements.incrementAndGet() == failing) {
                failed = true;
                throw new IllegalStateException("statement %d fails: %s".formatted(failing, sql));
              }
            }
          }
        };
    boolean _ =
        desk.platform
            .database()
            .write(handle -> {
              handle.getJdbi().getConfig(SqlStatements.class).setSqlLogger(faults);
              return true;
            });
  }

  private void put(String path, String body) {
    Answer answer = desk.platform.put(path, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  /** Appends as a sender does: the same again until it is taken. */
  private void append(String subject, String type) {
    NewChange change = NewChange.of(Subject.parse(subject), type, "test");
    NewChange stated = type.startsWith("alert") ? change.critical() : change;
    for (int i = 0; ; i++) {
      try {
        boolean _ =
            desk.platform
                .database()
                .write(handle -> {
                  var _ = desk.platform.changes().append(handle, stated);
                  return true;
                });
        return;
      } catch (RuntimeException e) {
        assertThat(i).as("only one fails: " + e).isZero();
      }
    }
  }

  private int open() {
    return desk.platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    OWN
                        + """
                        SELECT (SELECT count(*) FROM fanout)
                          + (SELECT count(*) FROM delivery WHERE state = 'pending')
                          + (SELECT count(*) FROM page WHERE state <> 'closed')
                        """)
                .mapTo(Integer.class)
                .one());
  }

  private Set<String> superseded() {
    return desk.platform
        .database()
        .read(handle ->
            new TreeSet<>(
                handle
                    .createQuery(
                        OWN + "SELECT subject, version FROM delivery WHERE state = 'superseded'")
                    .map((row, context) -> row.getString(1) + " " + row.getLong(2))
                    .list()));
  }

  /** The versions of each subject, as they came; a message that comes again is known by its id. */
  private Map<String, List<Long>> told() {
    Map<String, List<Long>> told = new LinkedHashMap<>();
    Set<String> known = new TreeSet<>();
    List<Receiver.Got> all = List.copyOf(desk.service.got);
    for (int i = 0; i < all.size(); i++) {
      if (refused.contains(i + 1)) {
        continue;
      }
      Receiver.Got got = all.get(i);
      if (!known.add(got.header("Webhook-id"))) {
        continue;
      }
      JsonNode data = got.json().get("data");
      List<JsonNode> changes =
          data.has("changes")
              ? data.get("changes").valueStream().map(one -> one.get("change")).toList()
              : List.of(data.get("change"));
      changes.forEach(change ->
          told.computeIfAbsent(change.get("subject").asString(), any -> new ArrayList<>())
              .add(change.get("version").asLong()));
    }
    return told;
  }

  private void tellTheRest() {
    for (int i = 0; open() > 0; i++) {
      assertThat(i).as("hours until all is told: %s", told()).isLessThan(60);
      try {
        await()
            .pollInterval(Duration.ofMillis(20))
            .atMost(Duration.ofMillis(1_500))
            .until(() -> open() == 0);
      } catch (ConditionTimeoutException e) {
        desk.platform.clock().advance(Duration.ofMinutes(20));
      }
    }
  }

  private void round(int n) {
    String round = "r" + n;
    day++;
    // Half an hour before quiet hours and the window of the digest end.
    desk.platform.clock().set(Instant.parse("2026-03-01T22:30:00Z").plus(Duration.ofDays(day)));
    for (int version = 1; version <= 2; version++) {
      append("plain/" + round, "moved");
      append("quiet/" + round, "moved");
      append("digest/" + round, "moved");
    }
    append("slo/" + round, "alert.fired");
    try {
      // Held messages go with the end of their hours; a page has to be told before it ends.
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              desk.platform
                      .database()
                      .read(handle ->
                          handle
                              .createQuery(
                                  OWN + "SELECT count(*) FROM page WHERE subject = ? AND step >= 0")
                              .bind(0, "slo/" + round)
                              .mapTo(Integer.class)
                              .one())
                  == 1);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("nobody was paged in round " + n, e);
    }
    append("slo/" + round, "alert.resolved");
    tellTheRest();
  }

  @Test
  void whicheverStatementOrRequestFailsNothingIsLostAndOrderIsKept() {
    assertThat(desk.watch(desk.service.address(), "*")).isPositive();
    put("/api/preferences", "{\"user\":\"ann\",\"scope\":\"type:digest\",\"digest\":\"1h\"}");
    put(
        "/api/preferences",
        "{\"user\":\"ann\",\"scope\":\"type:quiet\",\"quiet\":\"00:00-23:00\"}");
    put("/api/escalations/all", "{\"target\":\"slo/*\",\"line\":[\"ann\"],\"within\":300}");
    injectFaults();
    int first = 1 + (int) (System.nanoTime() / 1_000 % STEP);
    System.out.printf("statements %d, %d, … fail%n", first, first + STEP);
    int rounds = 0;
    int touched = 0;
    // How many there are in a round depends on how many messages go together; a round in which the
    // statement does not come is followed by an earlier one, until some have failed.
    for (int n = first; touched == rounds || touched < 2; n = failed ? n + STEP : 1 + n / 3) {
      failed = false;
      statements.set(0);
      desk.service.failsAt = desk.service.got.size() + 1 + n % 7;
      refused.add(desk.service.failsAt);
      failing = n;
      round(n);
      rounds++;
      touched += failed ? 1 : 0;
      failing = Integer.MAX_VALUE;
      Map<String, List<Long>> told = told();
      Set<String> superseded = superseded();
      String round = "/r" + n;
      for (String type : List.of("plain", "quiet", "digest", "slo")) {
        List<Long> versions = told.getOrDefault(type + round, List.of());
        assertThat(versions).as("%s as it came, with statement %d failing", type, n).isSorted();
        for (long version = 1; version <= 2; version++) {
          assertThat(
                  versions.contains(version) || superseded.contains(type + round + " " + version))
              .as("%s version %d is told, with statement %d failing: %s", type, version, n, told)
              .isTrue();
        }
        assertThat(versions).as("the newest of " + type).contains(2L);
      }
      assertThat(told.keySet().stream().filter(subject -> subject.startsWith("oncall/")))
          .as("pages that ann was told of")
          .hasSize(rounds);
    }
    System.out.printf("%d rounds, %d with a statement that failed%n", rounds, touched);
  }
}
