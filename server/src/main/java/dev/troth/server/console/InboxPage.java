package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.FormBody;
import dev.troth.server.inbox.Inbox;
import dev.troth.server.inbox.Inbox.Action;
import dev.troth.server.inbox.Mark;
import dev.troth.server.inbox.NotificationView;
import dev.troth.server.oncall.Escalations;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The notifications that are not done: unread urgent ones first, the others newest first. */
record InboxPage(Inbox.Page inbox, boolean later, Moment moment) {
  private static final int SHOWN = 50;
  private static final String PAGES = "oncall/";

  private static final Slots<InboxPage> SLOTS =
      new Slots<InboxPage>()
          .text("inbox.summary", InboxPage::summary)
          .text("inbox.state", page -> page.rows().isEmpty() ? "empty" : "ok")
          .text("inbox.from", page -> page.shown(List::getLast))
          .text("inbox.upto", page -> page.shown(List::getFirst))
          .text("inbox.newestHidden", page -> Formats.yes(!page.later))
          .text("inbox.next", page -> page.inbox.next() == null ? "" : page.inbox.next().toString())
          .text("inbox.nextHidden", page -> Formats.yes(page.inbox.next() == null))
          .each(
              "items",
              InboxPage::rows,
              new Slots<Row>()
                  .text("key", row -> row.item.id())
                  .text("subject", row -> row.item.change().subject())
                  .text("path", row -> Formats.pathOf(row.item.change().subject()))
                  .text("title", row -> row.item.title())
                  .text("reason", row -> row.item.reason().toString())
                  .text("actor", row -> row.item.change().actor())
                  .text("at", row -> row.item.change().at().toString())
                  .text("ago", row -> row.moment.ago(row.item.change().at()))
                  .text("state", row -> row.item.state().state())
                  .text("urgent", row -> Formats.yes(row.isUrgent()))
                  .text("urgentHidden", row -> Formats.yes(!row.isUrgent()))
                  .text("status", row -> row.isUnread() ? "Unread" : "Read")
                  .text("turn", row -> row.isUnread() ? "read" : "unread")
                  .text("ackHidden", row -> Formats.yes(!row.isPage()))
                  .text("turnLabel", row -> row.isUnread() ? "Mark read" : "Mark unread"));

  private record Row(NotificationView item, Moment moment) {
    boolean isUnread() {
      return item.state() == Mark.UNREAD;
    }

    /** Whether it is a page that somebody has to acknowledge. */
    boolean isPage() {
      return item.change().subject().startsWith(PAGES) && isUrgent();
    }

    boolean isUrgent() {
      return Boolean.TRUE.equals(item.change().critical());
    }
  }

  /** What is urgent stands once, above what is newer. */
  private List<Row> rows() {
    List<NotificationView> urgent = Optional.ofNullable(inbox.urgent()).orElseGet(List::of);
    Set<String> above =
        urgent.stream().map(NotificationView::id).collect(Collectors.toUnmodifiableSet());
    return Stream.concat(
            urgent.stream(), inbox.items().stream().filter(item -> !above.contains(item.id())))
        .map(item -> new Row(item, moment))
        .toList();
  }

  static Page<InboxPage> with(Inbox inbox, Escalations escalations) {
    return Page.at(
            "/inbox",
            "inbox.html",
            SLOTS,
            visit -> {
              visit.refuse("state", "user");
              long before = visit.number("before", Long.MAX_VALUE);
              String user = visit.caller().user();
              return new InboxPage(
                  inbox.page(visit.caller(), user, Inbox.Wanted.INBOX, before, SHOWN),
                  visit.query().containsKey("before"),
                  visit.moment());
            })
        .keeping()
        .taking((form, visit) -> {
          if (form.get("do").equals("acknowledge")) {
            acknowledge(escalations, form, visit);
          } else {
            change(inbox, form, visit);
          }
        });
  }

  private static void change(Inbox inbox, FormBody form, Visit visit) {
    switch (form.require("do")) {
      case "read" -> mark(inbox, form, visit, Action.READ);
      case "unread" -> mark(inbox, form, visit, Action.UNREAD);
      case "done" -> mark(inbox, form, visit, Action.DONE);
      case "undo" -> mark(inbox, form, visit, Action.UNDO);
      case "read-all" ->
          inbox.readShown(
              visit.caller(),
              visit.caller().user(),
              form.number("from", 0),
              form.number("upto", 0));
      default -> throw form.unknown("do", "read, unread, done, undo, acknowledge or read-all");
    }
  }

  private static void acknowledge(Escalations escalations, FormBody form, Visit visit) {
    String subject = form.require("subject");
    if (!subject.matches(PAGES + "[0-9]{1,18}")) {
      throw new DomainException.NotFound("%s is no page".formatted(subject));
    }
    var _ =
        escalations.acknowledge(visit.caller(), Long.parseLong(subject.substring(PAGES.length())));
  }

  private static void mark(Inbox inbox, FormBody form, Visit visit, Action action) {
    inbox.mark(visit.caller(), visit.caller().user(), form.id("notification"), action);
  }

  /** The first or last notification that is shown: "mark all read" reads these and no other. */
  private String shown(Function<List<NotificationView>, NotificationView> end) {
    return inbox.items().isEmpty() ? "0" : end.apply(inbox.items()).id();
  }

  private String summary() {
    return inbox.unread() == 0
        ? "Nothing unread."
        : Formats.counted(inbox.unread(), "unread", "unread") + ".";
  }
}
