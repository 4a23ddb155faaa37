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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user's own terms in the settings page, and pages in the inbox, by forms without scripts. */
final class TermsPageTest {
  @SuppressWarnings("NullAway.Init")
  private TestPlatform platform;

  @BeforeEach
  void start() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    platform = TestPlatform.start();
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  private Answer form(String path, String... fields) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < fields.length; i += 2) {
      body.append(i == 0 ? "" : "&")
          .append(fields[i])
          .append('=')
          .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
    }
    return platform.post(
        path,
        body.toString(),
        "Content-Type",
        "application/x-www-form-urlencoded",
        "Origin",
        "http://127.0.0.1:" + platform.port(),
        "Accept",
        "text/html");
  }

  private String page(String path) {
    return platform.get(path, "Accept", "text/html").body();
  }

  @Test
  void preferencesAreSetReadAndRemoved() {
    assertThat(page("/settings")).contains("Everything is sent at once", "value=\"UTC\"");
    Answer set =
        form(
            "/settings",
            "do",
            "prefer",
            "scope",
            "type:record",
            "channel",
            "*",
            "quiet",
            "22:00-07:00",
            "digest",
            "",
            "collapse",
            "yes",
            "pages",
            "no",
            "send",
            "",
            "title",
            "<b>{headline}</b>");
    assertThat(set.status()).as(set.body()).isEqualTo(303);
    assertThat(page("/settings"))
        .contains(
            "1 preference",
            "quiet hours 22:00-07:00, urgent changes are held too, the newest of each subject,"
                + " titles &lt;b&gt;{headline}&lt;/b&gt;");
    assertThat(
            form(
                    "/settings",
                    "do",
                    "describe",
                    "zone",
                    "Europe/Oslo",
                    "locale",
                    "nb",
                    "autowatch",
                    "no")
                .status())
        .isEqualTo(303);
    assertThat(platform.get("/api/preferences").json().get("zone").asString())
        .isEqualTo("Europe/Oslo");
    assertThat(page("/settings")).contains("value=\"Europe/Oslo\"", "value=\"nb\"");
    // The first option is what is so: whoever saves another zone changes nothing else.
    assertThat(page("/settings"))
        .containsPattern("<select id=\"autowatch\"[^>]*><option value=\"no\">no</option>");
    assertThat(page("/settings?scope=type:record&channel=*"))
        .contains("value=\"type:record\"", "value=\"22:00-07:00\"")
        .containsPattern("<select id=\"pages\"[^>]*><option value=\"no\">are held too</option>");
    assertThat(form("/settings", "do", "describe", "zone", "Asia/Tokyo").status()).isEqualTo(303);
    assertThat(platform.get("/api/preferences").json().get("autowatch").asBoolean()).isFalse();
    Answer wrong =
        form("/settings", "do", "prefer", "scope", "all", "channel", "*", "quiet", "always");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.body()).contains("expected two times such as 22:00-07:00");
    assertThat(form("/settings", "do", "unprefer", "scope", "type:record", "channel", "*").status())
        .isEqualTo(303);
    assertThat(page("/settings")).contains("Everything is sent at once");
  }

  @Test
  void aPageIsAcknowledgedInTheInbox() {
    assertThat(
            platform
                .put(
                    "/api/escalations/orders",
                    "{\"target\":\"slo/*\",\"line\":[\"developer\",\"ann\"],\"within\":60}")
                .status())
        .isEqualTo(200);
    var _ =
        platform
            .database()
            .write(handle ->
                platform
                    .changes()
                    .append(
                        handle,
                        NewChange.of(new Subject("slo", "orders"), "alert.fired", "slo")
                            .after(Fields.of("alert", "page", "name", "Orders"))
                            .critical()));
    await().until(() -> page("/inbox").contains("developer is paged: Orders is paging"));
    assertThat(page("/inbox")).contains("value=\"acknowledge\"");
    assertThat(form("/inbox", "do", "acknowledge", "id", "2", "subject", "record/1").status())
        .isEqualTo(404);
    assertThat(form("/inbox", "do", "acknowledge", "id", "2", "subject", "oncall/1").status())
        .isEqualTo(303);
    assertThat(platform.get("/api/pages/1").json().get("acknowledgedBy").asString())
        .isEqualTo("developer");
  }
}
