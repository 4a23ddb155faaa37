package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.page.Slots;
import dev.troth.server.oncall.OncallStore.State;
import dev.troth.server.oncall.PageView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One page that somebody looks after, or should, as one caller sees it. */
record OpenPage(PageView page, Caller caller, Instant now) {
  static final Slots<OpenPage> SLOTS =
      new Slots<OpenPage>()
          .text("key", row -> Long.toString(row.page.id()))
          .text("status", row -> row.page.state().toString())
          .text("tone", row -> row.page.state() == State.ACKNOWLEDGED ? "ok" : "bad")
          .text("title", row -> row.page.title())
          .text("path", row -> Formats.pathOf(row.page.subject()))
          .text("escalation", row -> row.page.escalation())
          .text("at", row -> row.page.openedAt().toString())
          .text("ago", row -> Formats.ago(row.now, row.page.openedAt()))
          .text("to", row -> Optional.ofNullable(row.page.to()).orElse(""))
          .text("pagedHidden", row -> Formats.yes(row.page.pagedAt() == null))
          .text("pagedAt", row -> row.pagedAt().toString())
          .text("pagedAgo", row -> Formats.ago(row.now, row.pagedAt()))
          .text("next", OpenPage::next)
          .text("ackLabel", row -> "Acknowledge page " + row.page.id())
          .text("ackHidden", row -> Formats.yes(!row.mayAcknowledge()));

  /** {@code 2 pages, 1 that nobody looks after}. */
  static String summary(Listing<OpenPage> pages, int shown) {
    List<OpenPage> rows = pages.rows().stream().limit(shown).toList();
    long alone = rows.stream().filter(row -> row.page.state() != State.ACKNOWLEDGED).count();
    return pages.failed()
        ? ""
        : "%s, %s nobody looks after"
            .formatted(Formats.counted(rows.size(), "page", "pages"), Formats.grouped(alone));
  }

  private Instant pagedAt() {
    return Optional.ofNullable(page.pagedAt()).orElse(page.openedAt());
  }

  private boolean mayAcknowledge() {
    return page.state() != State.ACKNOWLEDGED
        && (page.line().contains(caller.user()) || caller.has(Role.ADMIN));
  }

  /** Who is next, and when; or why nobody is. */
  private String next() {
    return switch (page.state()) {
      case ACKNOWLEDGED ->
          Optional.ofNullable(page.acknowledgedBy()).orElse(Formats.UNKNOWN) + " looks after it";
      case UNANSWERED -> "everybody in line was paged, and nobody answered";
      case CLOSED -> "it is over";
      case OPEN ->
          Optional.ofNullable(page.next())
              .map(at -> "then %s, at %s".formatted(following(), clock(at)))
              .orElse("nobody else is in line");
    };
  }

  private String following() {
    return page.line().get(page.to() == null ? 0 : page.line().indexOf(page.to()) + 1);
  }

  /** {@code 12:05:30 UTC}. */
  private static String clock(Instant at) {
    return at.toString().substring(11, 19) + " UTC";
  }
}
