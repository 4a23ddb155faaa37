package dev.troth.server.console;

import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Shown;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.FormBody;
import dev.troth.server.record.RecordChange;
import dev.troth.server.record.RecordView;
import dev.troth.server.record.Records;

/** A record, whether the caller watches it, and what happened to it. */
record RecordPage(RecordView record, Shown<RecordChange> changes, String hint, Moment moment) {
  private static final int SHOWN_CHANGES = 20;

  static final Slots<RecordPage> SLOTS =
      new Slots<RecordPage>()
          .text("record.id", page -> String.valueOf(page.record.id()))
          .text("record.subject", page -> "record/" + page.record.id())
          .text("record.name", page -> page.record.name())
          .text("record.value", page -> page.record.value())
          .text("record.version", page -> "version " + page.record.version())
          .text("record.shown", RecordPage::shown)
          .text("record.state", page -> page.changes.state())
          .text("record.firstHidden", page -> page.changes.firstHidden())
          .text("record.next", page -> page.changes.next(RecordChange::seq))
          .text("record.nextHidden", page -> page.changes.nextHidden())
          .text("record.hint", RecordPage::hint)
          .each(
              "changes",
              page ->
                  page.changes.rows().stream().map(change -> new Row(change, page.moment)).toList(),
              new Slots<Row>()
                  .text("actor", row -> row.change.actor())
                  .text("before", row -> row.change.before())
                  .text("after", row -> row.change.after())
                  .text("at", row -> row.change.at().toString())
                  .text("ago", row -> row.moment.ago(row.change.at())));

  private record Row(RecordChange change, Moment moment) {}

  static Page<RecordPage> with(Services services) {
    Records records = services.records();
    return Page.at(
            "/records/{+id}",
            "record.html",
            SLOTS,
            visit -> {
              long id = id(visit);
              return new RecordPage(
                  records.get(id),
                  Shown.page(
                      visit,
                      "before",
                      SHOWN_CHANGES,
                      (before, limit) ->
                          records.changes(id, before == 0 ? Long.MAX_VALUE : before, limit)),
                  hint(visit, id),
                  visit.moment());
            })
        .keeping()
        .of(page -> Records.subjectOf(page.record.id()))
        .taking((form, visit) -> change(services, form, visit));
  }

  private static void change(Services services, FormBody form, Visit visit) {
    long id = id(visit);
    String target = Records.subjectOf(id).toString();
    switch (form.require("do")) {
      case "update" -> services.records().update(id, form.get("value"), visit.caller().user());
      case "watch" -> services.watches().watch(visit.caller(), target);
      case "unwatch" -> services.watches().unwatch(visit.caller(), target);
      default -> throw form.unknown("do", "update, watch or unwatch");
    }
  }

  /** The same from a shell, at the address by which this browser came. */
  private static String hint(Visit visit, long id) {
    String token = visit.caller().development() ? "" : " -H \"authorization: Bearer $TROTH_TOKEN\"";
    return "curl -X POST %s/api/update/%d -H 'content-type: application/json'%s -d '%s'"
        .formatted(visit.base(), id, token, "{\"value\":\"hello\"}");
  }

  private static long id(Visit visit) {
    if (!visit.id().matches("[0-9]{1,18}")) {
      throw new DomainException.NotFound("record %s does not exist".formatted(visit.id()));
    }
    return Long.parseLong(visit.id());
  }

  private String shown() {
    return changes.summary(record.version(), "change", "changes");
  }
}
