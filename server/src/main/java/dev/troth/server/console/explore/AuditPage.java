package dev.troth.server.console.explore;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.audit.Audit;
import dev.troth.server.audit.AuditEntry;
import dev.troth.server.auth.Role;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Items;
import dev.troth.watch.change.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** The audit log: who did what, for administrators. */
public record AuditPage(Listing<AuditEntry> acts, Filter filter, String next, Instant now) {
  private static final int SHOWN = 50;

  /** Which acts are shown, as it stands in the address; empty for all. */
  private record Filter(String user, String target, boolean later) {
    private String query() {
      return "?user=" + Formats.pathOf(user) + "&target=" + Formats.pathOf(target);
    }

    private boolean isOpen() {
      return user.isEmpty() && target.isEmpty();
    }
  }

  private static final Slots<AuditPage> SLOTS =
      new Slots<AuditPage>()
          .text("acts.state", page -> page.acts.state())
          .text("acts.trouble", page -> page.acts.trouble())
          .text("acts.summary", AuditPage::summary)
          .text("acts.user", page -> page.filter.user)
          .text("acts.target", page -> page.filter.target)
          .text("acts.allHidden", page -> Formats.yes(page.filter.isOpen()))
          .text("acts.first", page -> page.filter.query())
          .text("acts.firstHidden", page -> Formats.yes(!page.filter.later))
          .text("acts.next", page -> page.filter.query() + "&before=" + page.next)
          .text("acts.nextHidden", page -> Formats.yes(page.next.isEmpty()))
          .each(
              "acts",
              page -> page.acts.rows().stream().map(act -> new Row(act, page.now)).toList(),
              Row.SLOTS);

  /** One act. */
  private record Row(AuditEntry act, Instant now) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("at", row -> row.at().toString())
            .text("ago", row -> Formats.ago(row.now, row.at()))
            .text("user", row -> requireNonNullElse(row.act.user(), "nobody"))
            .text("what", row -> row.act.what())
            .text("target", row -> requireNonNullElse(row.act.target(), ""))
            .text("change", row -> row.act.seq() == null ? "" : String.valueOf(row.act.seq()))
            .text("linkHidden", row -> Formats.yes(row.act.seq() == null))
            .text("noLinkHidden", row -> Formats.yes(row.act.seq() != null))
            .text("note", Row::note);

    /** Of several the last. */
    private Instant at() {
      return requireNonNullElse(act.lastAt(), act.at());
    }

    private String note() {
      if (act.changed() != null && !act.changed().isEmpty()) {
        return String.join(", ", act.changed());
      }
      String detail = requireNonNullElse(act.detail(), "");
      String times = act.times() == null ? "" : Formats.grouped(act.times()) + " times";
      return detail.isEmpty() || times.isEmpty() ? detail + times : detail + ", " + times;
    }
  }

  /** The page over its service. */
  public static Page<AuditPage> with(Audit audit, Clock clock) {
    return Page.at("/audit", "audit.html", SLOTS, visit -> of(audit, visit, clock.instant()));
  }

  private static AuditPage of(Audit audit, Visit visit, Instant now) {
    visit.caller().require(Role.ADMIN);
    Filter filter =
        new Filter(
            visit.query().getOrDefault("user", ""),
            visit.query().getOrDefault("target", ""),
            visit.query().containsKey("before"));
    Optional<Target> target =
        Optional.of(filter.target)
            .filter(text -> !text.isEmpty())
            .map(text -> DomainException.valid(() -> Target.parse(text)));
    Optional<String> user = Optional.of(filter.user).filter(text -> !text.isEmpty());
    Optional<String> before = Optional.ofNullable(visit.query().get("before"));
    Audit.Question question = new Audit.Question(user, target, Optional.empty(), Optional.empty());
    String[] next = {""};
    Listing<AuditEntry> acts =
        Listing.ask(
            "The audit log",
            () -> {
              Items<AuditEntry> page = audit.list(visit.caller(), question, before, SHOWN);
              next[0] = page.next() == null ? "" : page.next().toString();
              return page.items();
            });
    return new AuditPage(acts, filter, next[0], now);
  }

  private String summary() {
    return acts.failed()
        ? Formats.UNKNOWN
        : Formats.counted(acts.rows().size(), "act", "acts")
            + (filter.later || !next.isEmpty() ? " on this page" : "");
  }
}
