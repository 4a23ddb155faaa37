package dev.troth.server.oncall;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.Visibility;
import dev.troth.server.db.Database;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.error.DomainException;
import dev.troth.server.incident.Paging;
import dev.troth.server.oncall.OncallStore.Page;
import dev.troth.server.oncall.OncallStore.State;
import dev.troth.server.watch.Watches;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Pages go to one after the other until somebody acknowledges them. A page is a subject, {@code
 * oncall/7}, that each who is paged watches from then on, at all of their addresses: so it reaches
 * them as every change does, with retries and reasons. Where it stands is in the database alone,
 * and each step is taken in the transaction that says so.
 */
public final class Escalations implements Paging {
  private static final String ACTOR = "oncall";
  private static final Logger LOG = System.getLogger("troth.oncall");

  /** The types of subjects of which something urgent is said; an escalation of others is idle. */
  private static final Set<String> URGENT = Set.of("agent", "slo");

  /** When a page is looked at again that could not be taken on. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  private final Database database;
  private final OncallStore store;
  private final Watches watches;
  private final EndpointStore endpoints;
  private final ChangeLog<Handle> changes;
  private final Visibility visibility;
  private final Clock clock;

  public Escalations(
      Database database,
      OncallStore store,
      Watches watches,
      EndpointStore endpoints,
      ChangeLog<Handle> changes,
      Visibility visibility,
      Clock clock) {
    this.database = database;
    this.store = store;
    this.watches = watches;
    this.endpoints = endpoints;
    this.changes = changes;
    this.visibility = visibility;
    this.clock = clock;
  }

  /** All escalations, by name. */
  public List<EscalationView> escalations() {
    return database.read(
        handle -> store.escalations(handle).stream().map(one -> view(handle, one)).toList());
  }

  private EscalationView view(Handle handle, Escalation escalation) {
    return EscalationView.of(
        escalation,
        escalation.line().stream()
            .filter(user -> endpoints.channels(handle, user).isEmpty())
            .toList());
  }

  /**
   * Sets an escalation up, or changes it for pages to come. Its target is for every reader, since
   * the title of a page is.
   */
  public EscalationView put(Caller caller, Escalation escalation) {
    String type =
        switch (escalation.target()) {
          case Target.One(Subject subject) -> subject.type();
          case Target.Collection(String all, String _) -> all;
          case Target.Everything() -> "*";
        };
    if (!URGENT.contains(type) || !visibility.isOpen(type)) {
      throw new DomainException.Invalid(
          "target is %s, expected slo/NAME, slo/*, agent/NAME or agent/*: nothing else is urgent"
              .formatted(escalation.target()));
    }
    return database.write(handle -> {
      List<String> groups = store.groups(handle, escalation.line());
      if (!groups.isEmpty()) {
        throw new DomainException.Invalid(
            "line has the group %s, expected users".formatted(groups.getFirst()));
      }
      Optional<Escalation> before = store.escalation(handle, escalation.name());
      if (!before.equals(Optional.of(escalation))) {
        store.put(handle, escalation);
        var _ =
            changes.append(
                handle,
                NewChange.of(own(escalation.name()), "escalation.set", caller.user())
                    .before(before.map(Escalations::fields).orElse(Fields.none()))
                    .after(fields(escalation)));
      }
      return view(handle, escalation);
    });
  }

  public void remove(Caller caller, String name) {
    boolean _ =
        database.write(handle -> {
          Escalation before =
              store
                  .escalation(handle, name)
                  .orElseThrow(() ->
                      new DomainException.NotFound("escalation %s does not exist".formatted(name)));
          var _ =
              changes.append(
                  handle,
                  NewChange.of(own(name), "escalation.removed", caller.user())
                      .before(fields(before)));
          return store.remove(handle, name);
        });
  }

  private static Subject own(String name) {
    return new Subject("escalation", name);
  }

  private static Fields fields(Escalation escalation) {
    return Fields.of(
        "target",
        escalation.target().toString(),
        "line",
        String.join(", ", escalation.line()),
        "within",
        escalation.within().toSeconds());
  }

  /** Pages before an id, the newest first. */
  public List<PageView> pages(boolean alsoClosed, long before, int limit) {
    return database.read(handle ->
        store.list(handle, alsoClosed, before, limit).stream().map(PageView::of).toList());
  }

  public PageView page(long id) {
    return PageView.of(database.read(handle -> require(handle, id)));
  }

  private Page require(Handle handle, long id) {
    return store
        .find(handle, id)
        .orElseThrow(() -> new DomainException.NotFound("page %d does not exist".formatted(id)));
  }

  /** Somebody looks after it: nobody else is paged. Those in line may say so, and admins. */
  public PageView acknowledge(Caller caller, long id) {
    return PageView.of(
        database.write(handle -> {
          Page page = require(handle, id);
          if (!page.line().contains(caller.user()) && !caller.has(Role.ADMIN)) {
            throw new DomainException.Forbidden(
                "user is %s, expected one of %s or an admin's token"
                    .formatted(caller.user(), String.join(", ", page.line())));
          }
          if (page.state() == State.CLOSED || page.ended()) {
            throw new DomainException.Conflict(
                "page %d is closed, expected an open one".formatted(id));
          }
          acknowledge(handle, page, caller.user());
          return require(handle, id);
        }));
  }

  private void acknowledge(Handle handle, Page page, String user) {
    if (page.state() != State.ACKNOWLEDGED && store.state(handle, page, State.ACKNOWLEDGED, user)) {
      var _ =
          changes.append(
              handle,
              NewChange.of(page.own(), "oncall.acknowledged", user)
                  .after(Fields.of("title", page.title(), "by", user)));
    }
  }

  @Override
  public void acknowledged(Handle handle, Subject subject, String group, String user) {
    store.goingOn(handle, subject, group).forEach(page -> acknowledge(handle, page, user));
  }

  @Override
  public void forgotten(Handle handle, Subject subject, String group) {
    for (Page page : store.goingOn(handle, subject, group)) {
      if (page.state() == State.ACKNOWLEDGED
          && store.state(handle, page, State.CLOSED, page.acknowledgedBy())) {
        watches.close(handle, new Target.One(page.own()));
      }
    }
  }

  /** Pages whoever is next, of at most so many pages that are due; how many there were. */
  int escalate(int limit) {
    Instant now = clock.instant();
    List<Long> due = database.read(handle -> store.due(handle, now, limit));
    for (long id : due) {
      try {
        boolean _ =
            database.write(handle -> {
              // Another may have done it meanwhile, or somebody acknowledged it.
              Optional<Page> page =
                  store.find(handle, id).filter(found -> !found.due().isAfter(now));
              page.ifPresent(found -> next(handle, found, now));
              return true;
            });
      } catch (DomainException e) {
        // What stands in the way of one page keeps no other from going out.
        LOG.log(
            Level.WARNING,
            "page %d could not be taken on, and is tried again in %d s: %s"
                .formatted(id, AFTER_FAILURE.toSeconds(), e.detail()));
        boolean _ =
            database.write(handle -> {
              store.postpone(handle, id, now.plus(AFTER_FAILURE));
              return true;
            });
      }
    }
    return due.size();
  }

  private void next(Handle handle, Page page, Instant now) {
    if (page.state() == State.CLOSED) {
      return;
    }
    // Another platform, or somebody who acknowledges it, may take the same page at the same moment:
    // what is said of it is said by the one whose update counts.
    if (page.ended()) {
      if (!store.state(handle, page, State.CLOSED, page.acknowledgedBy())) {
        return;
      }
      say(handle, page, "oncall.closed", Fields.of("title", page.title()));
      watches.close(handle, new Target.One(page.own()));
    } else if (page.state() == State.OPEN && page.step() + 1 < page.line().size()) {
      int step = page.step() + 1;
      if (!store.step(handle, page, step, now)) {
        return;
      }
      String user = page.line().get(step);
      Set<String> channels = Set.copyOf(endpoints.channels(handle, user));
      watches.page(handle, user, new Target.One(page.own()), channels);
      Fields fields =
          Fields.of("title", page.title(), "to", user, "step", step + 1, "subject", page.subject());
      var _ =
          changes.append(
              handle, NewChange.of(page.own(), "oncall.opened", ACTOR).after(fields).critical());
    } else if (page.state() == State.OPEN && store.state(handle, page, State.UNANSWERED, "")) {
      var _ =
          changes.append(
              handle,
              NewChange.of(page.own(), "oncall.unanswered", ACTOR)
                  .after(Fields.of("title", page.title()))
                  .critical());
    }
  }

  private void say(Handle handle, Page page, String type, Fields fields) {
    var _ = changes.append(handle, NewChange.of(page.own(), type, ACTOR).after(fields));
  }
}
