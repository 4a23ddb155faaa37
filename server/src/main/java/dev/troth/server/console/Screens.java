package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.console.PageState.Head;
import dev.troth.server.console.PageState.InboxItem;
import dev.troth.server.console.PageState.Me;
import dev.troth.server.console.PageState.RecordState;
import dev.troth.server.console.PageState.WatchItem;
import dev.troth.server.console.Screen.Frame;
import dev.troth.server.http.Problem;
import dev.troth.server.objective.Objectives;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Puts together what each page shows one caller. Nothing of it outlives the request. */
final class Screens {
  private static final int MOST_ITEMS = 200;

  private final Feeds feeds;
  private final Objectives objectives;
  private final Clock clock;
  private final String version;

  Screens(Feeds feeds, Objectives objectives, Clock clock, String version) {
    this.feeds = feeds;
    this.objectives = objectives;
    this.clock = clock;
    this.version = version;
  }

  Screen<OverviewPage> overview(Visit visit) {
    return framed(
        visit,
        promises ->
            new OverviewPage(
                promises,
                Listing.ask("Records", this::records),
                feeds.changes().unread(visit.caller())));
  }

  /** A page of the list around what it shows. */
  <V> Screen<V> screen(Visit visit, V view) {
    return framed(visit, any -> view);
  }

  Screen<PageState> record(Visit visit, String id) {
    return islands(
        visit,
        state -> {
          Doc record =
              feeds.changes().record(id).map(Doc::new).orElseThrow(() -> missing("a record " + id));
          String subject = "record/" + record.text("id");
          String watch =
              watchItems(visit).stream()
                  .filter(item -> item.target().equals(subject))
                  .map(WatchItem::id)
                  .findFirst()
                  .orElse("");
          Doc changes = new Doc(feeds.changes().changes(subject, RecordState.SHOWN_CHANGES));
          return state.withRecord(RecordState.of(record, watch, changes.list("items")));
        });
  }

  private List<RecordState> records() {
    return new Doc(feeds.changes().records(50))
        .list("items").stream().map(record -> RecordState.of(record, "", List.of())).toList();
  }

  private List<WatchItem> watchItems(Visit visit) {
    return new Doc(feeds.changes().watches(visit.caller()))
        .list("items").stream().map(WatchItem::of).toList();
  }

  Screen<PageState> inbox(Visit visit) {
    return islands(
        visit,
        state ->
            state.withInbox(
                new Doc(feeds.changes().inbox(visit.caller(), MOST_ITEMS))
                    .list("items").stream().map(InboxItem::of).toList()));
  }

  Screen<PageState> watches(Visit visit) {
    return islands(visit, state -> state.withWatches(watchItems(visit)));
  }

  /** A page of islands; the position is read first, so that the state is never older than it. */
  private Screen<PageState> islands(Visit visit, UnaryOperator<PageState> more) {
    Screen<ObjectivesPage> screen = framed(visit, Function.identity());
    PageState state = more.apply(screen.state());
    return new Screen<>(screen.frame(), state, state);
  }

  private <B> Screen<B> framed(Visit visit, Function<ObjectivesPage, B> body) {
    Caller caller = visit.caller();
    Feeds.Position position = feeds.changes().position();
    ObjectivesPage promises = ObjectivesPage.of(objectives);
    Head head =
        new Head(feeds.changes().unread(caller), watchItems(visit).size(), promises.burning());
    PageState state =
        PageState.of(
            position, clock.instant(), new Me(caller.user(), caller.role().toString()), head);
    return new Screen<>(frame(visit), state, body.apply(promises));
  }

  private Frame frame(Visit visit) {
    Caller caller = visit.caller();
    String role =
        caller.development()
            ? caller.role() + " · development identity, authentication is off"
            : caller.role().toString();
    return new Frame(visit.theme(), caller.user(), role, visit.path(), "", version);
  }

  private static RuntimeException missing(String what) {
    return Problem.notFound("there is not " + what).toException();
  }
}
