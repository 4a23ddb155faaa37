package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.FormBody;
import dev.troth.server.inbox.Inbox;
import dev.troth.server.inbox.Inbox.Action;
import dev.troth.server.inbox.Mark;
import dev.troth.server.inbox.NotificationView;
import java.time.Clock;
import java.time.Instant;

/** The notifications that are not done, newest first. */
record InboxPage(Inbox.Page inbox, long upto, Instant now) {
  private static final int SHOWN = 200;

  private static final Slots<InboxPage> SLOTS =
      new Slots<InboxPage>()
          .text("inbox.summary", InboxPage::summary)
          .text("inbox.state", page -> page.inbox.items().isEmpty() ? "empty" : "ok")
          .text("inbox.upto", page -> String.valueOf(page.upto))
          .text("inbox.next", page -> page.inbox.next() == null ? "" : page.inbox.next().toString())
          .text("inbox.nextHidden", page -> Formats.yes(page.inbox.next() == null))
          .each(
              "items",
              page -> page.inbox.items().stream().map(item -> new Row(item, page.now)).toList(),
              new Slots<Row>()
                  .text("key", row -> row.item.id())
                  .text("subject", row -> row.item.change().subject())
                  .text("path", row -> Formats.pathOf(row.item.change().subject()))
                  .text("title", row -> row.item.title())
                  .text("reason", row -> row.item.reason().toString())
                  .text("actor", row -> row.item.change().actor())
                  .text("at", row -> row.item.change().at().toString())
                  .text("ago", row -> Formats.ago(row.now, row.item.change().at()))
                  .text("state", row -> row.item.state().state())
                  .text("status", row -> row.isUnread() ? "Unread" : "Read")
                  .text("turn", row -> row.isUnread() ? "read" : "unread")
                  .text("turnLabel", row -> row.isUnread() ? "Mark read" : "Mark unread"));

  private record Row(NotificationView item, Instant now) {
    boolean isUnread() {
      return item.state() == Mark.UNREAD;
    }
  }

  static Page<InboxPage> with(Inbox inbox, Clock clock) {
    return Page.at(
            "/inbox",
            "inbox.html",
            SLOTS,
            visit -> {
              // Before the page is read: "mark all read" must not mark what the page never showed.
              long upto = inbox.position().head();
              long before = visit.number("before", Long.MAX_VALUE);
              String user = visit.caller().user();
              return new InboxPage(
                  inbox.page(visit.caller(), user, Inbox.Wanted.INBOX, before, SHOWN),
                  upto,
                  clock.instant());
            })
        .taking((form, visit) -> change(inbox, form, visit));
  }

  private static void change(Inbox inbox, FormBody form, Visit visit) {
    switch (form.require("do")) {
      case "read" -> mark(inbox, form, visit, Action.READ);
      case "unread" -> mark(inbox, form, visit, Action.UNREAD);
      case "done" -> mark(inbox, form, visit, Action.DONE);
      case "undo" -> mark(inbox, form, visit, Action.UNDO);
      case "read-all" ->
          inbox.readAll(visit.caller(), visit.caller().user(), form.number("upto", Long.MAX_VALUE));
      default -> throw form.unknown("do", "read, unread, done, undo or read-all");
    }
  }

  private static void mark(Inbox inbox, FormBody form, Visit visit, Action action) {
    inbox.mark(visit.caller(), visit.caller().user(), form.id("notification"), action);
  }

  private String summary() {
    return inbox.unread() == 0
        ? "Nothing unread."
        : Formats.counted(inbox.unread(), "unread", "unread") + ".";
  }
}
