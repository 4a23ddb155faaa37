package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform.Answer;
import dev.troth.testkit.Size;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** A page of any list costs what it shows, however long the list is. */
class FlatListsTest {
  /** Above all that any list looks at for one page. */
  private static final int FEW = 12_000;

  private static final int MANY = Size.count(60_000, 1_000_000);

  /** What is read besides: positions in a deeper tree, and what the platform reads by itself. */
  private static final int SLACK = 400;

  private static final String PAGES = "html ";

  private static final List<String> ROUTES =
      List.of(
          "/api/audit",
          "/api/audit?user=ada",
          "/api/records",
          "/api/records?after=9000&limit=500",
          "/api/subjects",
          "/api/subjects?prefix=record/1",
          "/api/subjects?prefix=record/7",
          "/api/subjects?prefix=rare/",
          "/api/subjects/changes",
          "/api/subjects/changes?target=record/*",
          "/api/subjects/changes?target=record/1007",
          "/api/subjects/changes?target=record/7/*",
          "/api/subjects/changes?target=record/none/*",
          "/api/subjects/one?subject=record/1007",
          "/api/tokens",
          "/api/deliveries?state=dead",
          "/api/deliveries?state=delivered",
          "/api/deliveries?state=pending",
          "/api/incidents",
          "/api/incidents?objective=orders",
          "/api/incidents?objective=rare",
          "/api/pages",
          "/api/pages?state=all",
          "/api/traces",
          "/api/traces?status=error",
          "/api/traces?status=ok",
          "/api/traces?service=rare",
          "/api/traces?name=rare",
          "/api/traces?minMillis=5000",
          "/api/watches",
          "/api/inbox",
          "/api/inbox?state=unread",
          "/api/inbox?state=done",
          "/api/inbox?state=read",
          "/api/inbox/unread",
          "/api/escalations",
          PAGES + "/",
          PAGES + "/inbox",
          PAGES + "/traces",
          PAGES + "/records/1007",
          PAGES + "/subjects/record/*",
          PAGES + "/subjects/record/1007",
          PAGES + "/incidents",
          PAGES + "/oncall",
          PAGES + "/settings",
          PAGES + "/audit",
          PAGES + "/watches",
          PAGES + "/search?q=7");

  @Test
  void aPageReadsAsMuchOfALongListAsOfAShortOne() {
    Map<String, Long> few = cost(FEW);
    Map<String, Long> many = cost(MANY);
    List<String> grown =
        ROUTES.stream()
            .filter(
                route -> many.getOrDefault(route, 0L) > few.getOrDefault(route, 0L) * 3 / 2 + SLACK)
            .map(route ->
                "%s: %d of %d rows, %d of %d"
                    .formatted(route, few.get(route), FEW, many.get(route), MANY))
            .toList();
    assertThat(grown).as("what reads more of more").isEmpty();
  }

  /** Of a user's notifications, a list of those with one mark looks at these alone. */
  @Test
  void aListOfWhatWasReadDoesNotLookAtWhatWasNot() {
    try (TestPlatform platform = TestPlatform.start("limits.rate", "1000000")) {
      platform.post("/api/watches", "{\"target\":\"record/*\"}");
      platform
          .database()
          .write(handle -> {
            int rows = fill(platform, handle, FEW);
            return rows + handle.execute("DELETE FROM inbox_mark");
          });
      platform.restart();
      for (int i = 0; i < 12; i++) {
        ask(platform, "/api/inbox?state=all");
      }
      ReadWork work = new ReadWork(platform);
      long all = work.of(() -> ask(platform, "/api/inbox?state=all"));
      for (String state : List.of("read", "done")) {
        long few = work.of(() -> ask(platform, "/api/inbox?state=" + state));
        assertThat(few).as(state).isLessThan(all);
      }
    }
  }

  /** The lists of the API that are not walked here do not grow with what a platform is told. */
  @Test
  void everyListOfTheApiThatHasPagesIsWalked() {
    try (TestPlatform platform = TestPlatform.start()) {
      List<String> paged = new ArrayList<>();
      platform
          .get("/api/openapi.json")
          .json()
          .path("paths")
          .properties()
          .forEach(path -> {
            boolean pages =
                path.getValue()
                    .path("get")
                    .path("parameters")
                    .valueStream()
                    .anyMatch(one -> one.path("name").asString("").matches("before|after"));
            boolean walked =
                ROUTES.stream()
                    .anyMatch(route -> route.matches(Pattern.quote(path.getKey()) + "([?].*)?"));
            if (pages && !walked) {
              paged.add(path.getKey());
            }
          });
      // Their rows have a test of their own, and an objective or a topic of Kafka to come from.
      assertThat(paged)
          .containsExactlyInAnyOrder(
              "/api/events/kafka/refused", "/api/objectives/{name}/requests");
    }
  }

  private static Map<String, Long> cost(int rows) {
    try (TestPlatform platform = TestPlatform.start("limits.rate", "1000000")) {
      platform.post("/api/watches", "{\"target\":\"record/*\"}");
      platform.put(
          "/api/escalations/urgent", "{\"target\":\"record/*\",\"line\":[\"ada\"],\"within\":300}");
      platform.database().write(handle -> fill(platform, handle, rows));
      platform.restart();
      ReadWork work = new ReadWork(platform);
      Map<String, Long> costs = new LinkedHashMap<>();
      for (String route : ROUTES) {
        for (int i = 0; i < 12; i++) {
          ask(platform, route);
        }
        costs.put(route, work.of(() -> ask(platform, route)));
      }
      return costs;
    }
  }

  private static void ask(TestPlatform platform, String route) {
    boolean isPage = route.startsWith(PAGES);
    String path = isPage ? route.substring(PAGES.length()) : route;
    // A fragment's request is never answered with a page that was kept.
    String[] headers =
        isPage
            ? new String[] {"Accept", "text/html", "Troth-Fragments", "-"}
            : new String[] {"Accept", "application/json"};
    Answer answer = platform.get(path, headers);
    assertThat(answer.status()).as("%s: %s", route, answer.body()).isEqualTo(200);
  }

  /** Everything that the routes list, each list so long: some of it the caller's, some others'. */
  private static int fill(TestPlatform platform, Handle handle, int rows) {
    long head = handle.createQuery("SELECT seq FROM change_head").mapTo(Long.class).one();
    String padded = platform.isOnSqlite() ? "printf('%032x', i)" : "lpad(to_hex(i), 32, '0')";
    String stamp = "'2026-02-01T00:00:00Z'";
    String user = "CASE i % 3 WHEN 0 THEN 'developer' ELSE 'user-' || (i % 100) END";
    Stream.of(
            "record (id, name, value) SELECT i + 1000, 'record ' || i, 'a value'",
            "subject (name, version, changed_at) SELECT 'record/' || (i + 1000), 1, 1772366400000 +"
                + " i",
            """
            change (seq, subject, subject_type, version, type, actor, at, urgent, body)
              SELECT i + %d, 'record/' || (i + 1000), 'record', 1, 'record.changed', 'bob',
                1772366400000 + i, i %% 50 = 0, '{"after":{"value":"a"}}'
            """
                .formatted(head),
            """
            token (id, user_name, role, note, created_by, created_at, expires_at)
              SELECT 'token-' || i, %s, 'reader', '', 'owner', %s, '2027-02-01T00:00:00Z'
            """
                .formatted(user, stamp),
            """
            delivery (key, change_seq, watch_id, user_name, subject, version, channel, reason, state,
                attempts, due, note, at)
              SELECT 'delivery-' || i, i, 1, %s, 'record/' || i, 1, 'log', 'watching',
                CASE i %% 4 WHEN 0 THEN 'dead' ELSE 'delivered' END, 1, 0, '', 1772366400000
            """
                .formatted(user),
            """
            incident (id, objective, severity, opened_at, resolved_at, causes)
              SELECT 'incident-' || i, CASE i WHEN 9 THEN 'rare' ELSE 'orders' END, 'page',
                1772366400000 + i, CASE WHEN i %% 1000 = 0 THEN NULL ELSE 1772366400001 + i END, '[]'
            """,
            """
            page (escalation, subject, condition, title, line, within_seconds, state, step, due, ended,
                change_seq, opened_at)
              SELECT 'urgent', 'record/1', 'c-' || i, 'a page', '["ada"]', 300,
                CASE i WHEN 5 THEN 'acknowledged' ELSE 'closed' END, 0, 0, 0, i, 1772366400000 + i
            """,
            """
            trace (trace_id, started_ns, ended_ns, service, root, root_started_ns, spans, errors,
                newest_seq, judged_seq)
              SELECT %s, 1772366400000000000 + i * 1000, 1772366400000900000 + i * 1000, 'shop',
                'GET /', 1772366400000000000, 1, CASE i %% 500 WHEN 0 THEN 1 ELSE 0 END, i, i
            """
                .formatted(padded),
            """
            span (seq, trace_id, span_id, arrived_ms, service, body)
              SELECT i, %s, '00000000000000aa', 1772366400000, 'shop', ''
            """
                .formatted(padded),
            """
            watch (root, user_name, target, level, types, filter, channels, muted_until, pushes, since,
                until, ended, created_at)
              SELECT i + 1000, 'user-' || (i %% 100), 'order/' || i, 'all', '', '', 'inbox', 0, FALSE, 0,
                NULL, FALSE, 1772366400000
            """,
            "inbox_mark (user_name, seq, mark) SELECT 'developer', i + %d, CASE i %% 2 WHEN 0 THEN 'DONE' ELSE 'READ' END"
                .formatted(head))
        .map(insert -> insert.replace("%%", "%"))
        .forEach(insert ->
            handle.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
                        .formatted(rows)
                    + "INSERT INTO "
                    + insert.strip()
                    + " FROM n"));
    handle.execute("UPDATE change_head SET seq = seq + ?", rows);
    if (!platform.isOnSqlite()) {
      handle.execute("ANALYZE");
    }
    return rows;
  }
}
