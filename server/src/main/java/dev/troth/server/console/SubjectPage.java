package dev.troth.server.console;

import dev.troth.server.change.ChangeView;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Items;
import dev.troth.server.subject.Subjects;
import dev.troth.watch.change.Target;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happened to a subject that has no page of its own, or to a collection of subjects. */
record SubjectPage(Target target, Items<ChangeView> changes, boolean later, Moment moment) {
  private static final int SHOWN = 50;

  private static final Slots<SubjectPage> SLOTS =
      new Slots<SubjectPage>()
          .text("subject.name", page -> page.target.toString())
          .text("subject.path", page -> Formats.pathOf(page.target.toString()))
          .text("subject.state", page -> page.changes.items().isEmpty() ? "empty" : "ok")
          .text("subject.newestHidden", page -> Formats.yes(!page.later))
          .text("subject.next", SubjectPage::next)
          .text("subject.nextHidden", page -> Formats.yes(page.next().isEmpty()))
          .each(
              "changes",
              page -> page.changes.items().stream().map(c -> new Row(c, page.moment)).toList(),
              new Slots<Row>()
                  .text("path", row -> Formats.pathOf(row.change.subject()))
                  .text("subject", row -> row.change.subject())
                  .text("seq", row -> String.valueOf(row.change.seq()))
                  .text("what", row -> row.change.type().replaceAll("[._]", " "))
                  .text("fields", Row::fields)
                  .text("actor", row -> row.change.actor())
                  .text("at", row -> row.change.at().toString())
                  .text("ago", row -> row.moment.ago(row.change.at())));

  /** One change. */
  private record Row(ChangeView change, Moment moment) {
    String fields() {
      return change.changed().stream()
          .map(name ->
              "%s: %s → %s".formatted(name, of(change.before(), name), of(change.after(), name)))
          .collect(Collectors.joining(", "));
    }

    private static String of(@Nullable Map<String, @Nullable Object> fields, String name) {
      Object value = fields == null ? null : fields.get(name);
      return value == null ? "none" : value.toString();
    }
  }

  static Page<SubjectPage> with(Subjects subjects) {
    return Page.at(
            "/subjects/{+id}",
            "subject.html",
            SLOTS,
            visit -> {
              Target target = DomainException.valid(() -> Target.parse(visit.id()));
              long before = visit.number("before", Long.MAX_VALUE);
              return new SubjectPage(
                  target,
                  subjects.changes(visit.caller(), target, before, SHOWN),
                  visit.query().containsKey("before"),
                  visit.moment());
            })
        .keeping();
  }

  private String next() {
    Object next = changes.next();
    return next == null ? "" : next.toString();
  }
}
