package dev.troth.server.console;

import dev.troth.server.console.PageState.InboxItem;
import dev.troth.server.console.PageState.RecordChange;
import dev.troth.server.console.PageState.RecordState;
import dev.troth.server.console.PageState.WatchItem;
import dev.troth.server.console.page.Slots;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The slots of the islands: what the site's {@code views/*.ts} derive from the state, derived from
 * the same state here.
 */
final class IslandSlots {
  private IslandSlots() {}

  /** A row together with the time it is looked at. */
  private record Dated<T>(T row, Instant now) {
    static <T> List<Dated<T>> all(List<T> rows, PageState state) {
      Instant now = state.instant();
      return rows.stream().map(row -> new Dated<>(row, now)).toList();
    }
  }

  static final Slots<PageState> RECORD =
      new Slots<PageState>()
          .text("record.id", state -> record(state).id())
          .text("record.path", state -> Formats.pathOf(record(state).id()))
          .text("record.subject", state -> "record/" + record(state).id())
          .text("record.name", state -> record(state).name())
          .text("record.value", state -> record(state).value())
          .text("record.version", state -> "version " + record(state).version())
          .text("record.watching", state -> Formats.yes(isWatched(state)))
          .text("record.watchLabel", state -> isWatched(state) ? "Unwatch" : "Watch")
          .text("record.watchAction", state -> isWatched(state) ? "unwatch" : "watch")
          .text(
              "record.watchHint",
              state ->
                  isWatched(state) ? "You are told when it changes." : "Be told when it changes.")
          .text(
              "record.shown",
              state -> Formats.counted(record(state).changes().size(), "change", "changes"))
          .text("record.state", state -> stateOf(record(state).changes()))
          .each(
              "changes",
              state -> Dated.all(record(state).changes(), state),
              new Slots<Dated<RecordChange>>()
                  .text("actor", change -> change.row().actor())
                  .text("before", change -> change.row().before())
                  .text("after", change -> change.row().after())
                  .text("at", change -> change.row().at())
                  .text("ago", change -> ago(change, change.row().at())));

  static final Slots<PageState> INBOX =
      new Slots<PageState>()
          .text(
              "inbox.summary",
              state ->
                  state.head().unread() == 0
                      ? "Nothing unread."
                      : Formats.counted(state.head().unread(), "unread", "unread") + ".")
          .text("inbox.state", state -> stateOf(open(state)))
          .each(
              "items",
              state -> Dated.all(open(state), state),
              new Slots<Dated<InboxItem>>()
                  .text("key", item -> item.row().id())
                  .text("subject", item -> item.row().subject())
                  .text("path", item -> Formats.pathOf(item.row().subject()))
                  .text("title", item -> item.row().title())
                  .text("reason", item -> item.row().reason())
                  .text("actor", item -> item.row().actor())
                  .text("at", item -> item.row().at())
                  .text("ago", item -> ago(item, item.row().at()))
                  .text("state", item -> item.row().state())
                  .text("status", item -> isUnread(item) ? "Unread" : "Read")
                  .text("turn", item -> isUnread(item) ? "read" : "unread")
                  .text("turnLabel", item -> isUnread(item) ? "Mark read" : "Mark unread"));

  static final Slots<PageState> WATCHES =
      new Slots<PageState>()
          .text("watches.summary", state -> Formats.counted(count(state), "watch", "watches"))
          .text("watches.state", state -> stateOf(watches(state)))
          .each(
              "items",
              state -> Dated.all(watches(state), state),
              new Slots<Dated<WatchItem>>()
                  .text("key", item -> item.row().id())
                  .text("target", item -> item.row().target())
                  .text("path", item -> Formats.pathOf(item.row().target()))
                  .text("level", item -> item.row().level())
                  .text("since", item -> item.row().since())
                  .text("ago", item -> ago(item, item.row().since()))
                  .text("label", item -> "Unwatch " + item.row().target()));

  private static RecordState record(PageState state) {
    return Objects.requireNonNull(state.record(), "a record page without a record");
  }

  private static boolean isWatched(PageState state) {
    return !record(state).watch().isEmpty();
  }

  private static List<InboxItem> open(PageState state) {
    List<InboxItem> items = state.inbox() == null ? List.of() : state.inbox();
    return items.stream().filter(item -> !item.state().equals("done")).toList();
  }

  private static List<WatchItem> watches(PageState state) {
    return state.watches() == null ? List.of() : state.watches();
  }

  private static long count(PageState state) {
    return watches(state).size();
  }

  private static boolean isUnread(Dated<InboxItem> item) {
    return item.row().state().equals("unread");
  }

  private static String ago(Dated<?> dated, String at) {
    return Formats.ago(dated.now(), Instant.parse(at));
  }

  private static String stateOf(List<?> rows) {
    return rows.isEmpty() ? "empty" : "ok";
  }
}
