package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is paged, who is next, and who is told as one, in a page and by its forms. */
final class OncallPageTest {
  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  private String admin = "";
  private String ann = "";
  private String rita = "";
  private String bob = "";

  @BeforeEach
  void start() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    platform = TestPlatform.start("auth.mode", "token");
    admin = "Bearer " + platform.ownersToken();
    ann = token("ann", "member");
    rita = token("rita", "reader");
    bob = token("bob", "member");
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  private String token(String user, String role) {
    return "Bearer "
        + platform
            .post(
                "/api/tokens",
                "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role),
                "Authorization",
                admin)
            .json()
            .get("token")
            .asString();
  }

  private Answer form(String caller, String... fields) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < fields.length; i += 2) {
      pairs.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return platform.post(
        "/oncall",
        String.join("&", pairs),
        "Content-Type",
        "application/x-www-form-urlencoded",
        "Origin",
        "http://127.0.0.1:" + platform.port(),
        "Accept",
        "text/html",
        "Authorization",
        caller);
  }

  private void done(String caller, String... fields) {
    Answer answer = form(caller, fields);
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
  }

  private String page(String caller, String query) {
    Answer answer = platform.get("/oncall" + query, "Accept", "text/html", "Authorization", caller);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private String page(String caller) {
    return page(caller, "");
  }

  private void alert() {
    var _ =
        platform
            .database()
            .write(handle ->
                platform
                    .changes()
                    .append(
                        handle,
                        NewChange.of(new Subject("slo", "orders"), "alert.fired", "slo")
                            .after(Fields.of("alert", "page", "name", "<b>Orders</b>"))
                            .critical()));
  }

  @Test
  void anOpenPageSaysWhoWasPagedWhoIsNextAndWhoLooksAfterIt() {
    assertThat(page(admin)).contains("Nobody is paged.", "No escalation", "troth watch escalation");
    done(
        admin,
        "do",
        "escalate",
        "name",
        "orders",
        "target",
        "slo/*",
        "line",
        "ann, rita",
        "within",
        "300");
    assertThat(page(ann))
        .contains("ann, then rita", "5 min 0 s", "The inbox alone tells ann, rita");
    alert();
    await().until(() -> page(ann).contains("<bdi>ann</bdi> was paged"));
    assertThat(page(ann))
        .contains(
            "then rita, at 12:05:00 UTC",
            "&lt;b&gt;Orders&lt;/b&gt; is paging",
            "1 page, 1 nobody looks after")
        .containsPattern("value=\"acknowledge\" data-hidden=\"no\"");
    platform.clock().advance(Duration.ofSeconds(300));
    await().until(() -> page(ann).contains("<bdi>rita</bdi> was paged"));
    assertThat(page(ann))
        .contains("nobody else is in line", "datetime=\"2026-03-01T12:05:00Z\"", "just now");
    assertThat(page(bob)).containsPattern("value=\"acknowledge\" data-hidden=\"yes\"");
    Answer refused = form(bob, "do", "acknowledge", "id", "1");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("expected one of ann, rita or an admin");
    done(rita, "do", "acknowledge", "id", "1");
    assertThat(page(ann))
        .contains("rita looks after it", "1 page, 0 nobody looks after")
        .containsPattern("value=\"acknowledge\" data-hidden=\"yes\"");
    assertThat(form(ann, "do", "acknowledge", "id", "none").status()).isEqualTo(404);
  }

  @Test
  void adminsKeepEscalationsAndGroupsByForms() {
    done(admin, "do", "group", "name", "ops", "members", "ann, <i>bob</i>,");
    done(
        admin,
        "do",
        "watch",
        "name",
        "ops",
        "target",
        "record/*",
        "filter",
        "value != 'c'",
        "channels",
        "console");
    assertThat(page(ann))
        .contains("ann", "&lt;i&gt;bob&lt;/i&gt;", "on console, inbox, if value != &#39;c&#39;")
        .contains("1 group");
    assertThat(page(rita)).contains("No group that you may see.").doesNotContain("&lt;i&gt;bob");
    assertThat(page(admin, "?group=ops")).contains("value=\"&lt;i&gt;bob&lt;/i&gt;, ann\"");
    done(
        admin,
        "do",
        "escalate",
        "name",
        "orders",
        "target",
        "slo/orders",
        "line",
        "ann",
        "within",
        "60");
    assertThat(page(admin, "?escalation=orders"))
        .contains("value=\"slo/orders\"", "value=\"ann\"", "value=\"60\"");
    for (String[] forbidden :
        List.of(
            new String[] {"do", "group", "name", "dev", "members", "ann"},
            new String[] {"do", "ungroup", "name", "ops"},
            new String[] {"do", "unescalate", "name", "orders"})) {
      Answer answer = form(ann, forbidden);
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("role of ann is member, expected admin");
    }
    Answer wrong =
        form(
            admin,
            "do",
            "escalate",
            "name",
            "orders",
            "target",
            "record/*",
            "line",
            "ann",
            "within",
            "60");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body()).contains("expected slo/NAME, slo/*, agent/NAME or agent/*");
    assertThat(form(admin, "do", "dance").status()).isEqualTo(400);
    done(admin, "do", "unwatch", "name", "ops", "target", "record/*");
    done(admin, "do", "ungroup", "name", "ops");
    done(admin, "do", "unescalate", "name", "orders");
    assertThat(page(admin)).contains("No escalation", "No group that you may see.");
  }

  @Test
  void aSectionThatCannotBeShownSaysSoInItsPlace() {
    done(
        admin,
        "do",
        "escalate",
        "name",
        "orders",
        "target",
        "slo/orders",
        "line",
        "ann",
        "within",
        "60");
    var _ =
        platform
            .database()
            .write(handle -> handle.execute("ALTER TABLE member_group RENAME TO gone_group"));
    assertThat(page(admin))
        .contains("Groups cannot be shown just now", "slo/orders")
        .containsPattern("data-fragment=\"groups\"[^>]*data-state=\"error\"");
    var _ =
        platform
            .database()
            .write(handle -> handle.execute("ALTER TABLE gone_group RENAME TO member_group"));
  }
}
