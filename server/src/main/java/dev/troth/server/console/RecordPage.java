package dev.troth.server.console;

import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.FormBody;
import dev.troth.server.record.RecordChange;
import dev.troth.server.record.RecordView;
import dev.troth.server.record.Records;
import java.time.Instant;
import java.util.List;

/** A record, whether the caller watches it, and what happened to it. */
record RecordPage(RecordView record, List<RecordChange> changes, Instant now) {
  private static final int SHOWN_CHANGES = 20;

  static final Slots<RecordPage> SLOTS =
      new Slots<RecordPage>()
          .text("record.id", page -> String.valueOf(page.record.id()))
          .text("record.subject", page -> "record/" + page.record.id())
          .text("record.name", page -> page.record.name())
          .text("record.value", page -> page.record.value())
          .text("record.version", page -> "version " + page.record.version())
          .text("record.shown", RecordPage::shown)
          .text("record.state", page -> page.changes.isEmpty() ? "empty" : "ok")
          .each(
              "changes",
              page -> page.changes.stream().map(change -> new Row(change, page.now)).toList(),
              new Slots<Row>()
                  .text("actor", row -> row.change.actor())
                  .text("before", row -> row.change.before())
                  .text("after", row -> row.change.after())
                  .text("at", row -> row.change.at().toString())
                  .text("ago", row -> Formats.ago(row.now, row.change.at())));

  private record Row(RecordChange change, Instant now) {}

  static Page<RecordPage> with(Services services) {
    Records records = services.records();
    return Page.at(
            "/records/{+id}",
            "record.html",
            SLOTS,
            visit -> {
              long id = id(visit);
              return new RecordPage(
                  records.get(id), records.changes(id, SHOWN_CHANGES), services.clock().instant());
            })
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

  private static long id(Visit visit) {
    if (!visit.id().matches("[0-9]{1,18}")) {
      throw new DomainException.NotFound("record %s does not exist".formatted(visit.id()));
    }
    return Long.parseLong(visit.id());
  }

  private String shown() {
    return record.version() > changes.size()
        ? "the last %d of %s"
            .formatted(changes.size(), Formats.counted(record.version(), "change", "changes"))
        : Formats.counted(changes.size(), "change", "changes");
  }
}
