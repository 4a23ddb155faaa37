package dev.troth.server.console;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.console.ConsoleRoutes.Team;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.group.GroupView;
import dev.troth.server.http.FormBody;
import dev.troth.server.oncall.Escalation;
import dev.troth.server.oncall.EscalationView;
import dev.troth.server.oncall.PageView;
import dev.troth.server.watch.WatchBody;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The pages that are open, who is paged of what, and the groups that are told as one. */
record OncallPage(
    Listing<OpenPage> pages,
    boolean later,
    Listing<EscalationView> escalations,
    Listing<GroupView> groups,
    boolean keeps,
    Draft draft) {
  private static final int SHOWN = 50;
  private static final String USUAL_WITHIN = "300";

  /** What the forms begin with: what is to be changed, or nothing. */
  private record Draft(
      String escalation, String target, String line, String within, String group, String members) {

    static Draft of(Visit visit, List<EscalationView> escalations, List<GroupView> groups) {
      String asked = visit.query().getOrDefault("escalation", "");
      Optional<EscalationView> escalation =
          escalations.stream().filter(one -> one.name().equals(asked)).findFirst();
      String askedGroup = visit.query().getOrDefault("group", "");
      Optional<GroupView> group =
          groups.stream().filter(one -> one.name().equals(askedGroup)).findFirst();
      return new Draft(
          escalation.map(EscalationView::name).orElse(""),
          escalation.map(EscalationView::target).orElse(""),
          escalation.map(one -> String.join(", ", one.line())).orElse(""),
          escalation.map(one -> Long.toString(one.within())).orElse(USUAL_WITHIN),
          group.map(GroupView::name).orElse(""),
          group.map(one -> String.join(", ", one.members())).orElse(""));
    }
  }

  private record EscalationRow(EscalationView escalation, boolean keeps) {}

  private record GroupRow(GroupView group, boolean keeps) {
    List<WishRow> wishes() {
      return group.watches().stream()
          .map(wish -> new WishRow(group.name(), wish.wish(), keeps))
          .toList();
    }
  }

  /** One of the targets that a group watches. */
  private record WishRow(String group, WatchBody wish, boolean keeps) {
    static final Slots<WishRow> SLOTS =
        new Slots<WishRow>()
            .text("group", WishRow::group)
            .text("target", WishRow::target)
            .text("path", row -> Formats.pathOf(row.target()))
            .text("says", WishRow::says)
            .text("unwatchLabel", row -> "Unwatch %s for %s".formatted(row.target(), row.group))
            .text("formsHidden", row -> Formats.yes(!row.keeps));

    String target() {
      return requireNonNullElse(wish.target(), "");
    }

    private String says() {
      String filter = wish.filter();
      Set<String> channels = new TreeSet<>(requireNonNullElse(wish.channels(), Set.of()));
      channels.add(WatchSettings.INBOX);
      return "on "
          + String.join(", ", channels)
          + (filter == null || filter.isEmpty() ? "" : ", if " + filter);
    }
  }

  private static final Slots<OncallPage> SLOTS =
      new Slots<OncallPage>()
          .text("adminsHidden", page -> Formats.yes(!page.keeps))
          .text("pages.state", page -> page.pages.state())
          .text("pages.trouble", page -> page.pages.trouble())
          .text("pages.summary", page -> OpenPage.summary(page.pages, page.shown().size()))
          .text("pages.firstHidden", page -> Formats.yes(!page.later))
          .text("pages.next", OncallPage::next)
          .text("pages.nextHidden", page -> Formats.yes(page.next().isEmpty()))
          .each("pages", OncallPage::shown, OpenPage.SLOTS)
          .text("escalations.state", page -> page.escalations.state())
          .text("escalations.trouble", page -> page.escalations.trouble())
          .text(
              "escalations.summary",
              page -> Formats.counted(page.escalations.rows().size(), "escalation", "escalations"))
          .each(
              "escalations",
              page ->
                  page.escalations.rows().stream()
                      .map(one -> new EscalationRow(one, page.keeps))
                      .toList(),
              new Slots<EscalationRow>()
                  .text("name", row -> row.escalation.name())
                  .text("target", row -> row.escalation.target())
                  .text("line", row -> String.join(", then ", row.escalation.line()))
                  .text("span", row -> Formats.span(Duration.ofSeconds(row.escalation.within())))
                  .text("warning", OncallPage::warning)
                  .text("changeLabel", row -> "Change " + row.escalation.name())
                  .text("removeLabel", row -> "Remove " + row.escalation.name())
                  .text("formsHidden", row -> Formats.yes(!row.keeps)))
          .text("groups.state", page -> page.groups.state())
          .text("groups.trouble", page -> page.groups.trouble())
          .text(
              "groups.summary",
              page -> Formats.counted(page.groups.rows().size(), "group", "groups"))
          .each(
              "groups",
              page ->
                  page.groups.rows().stream().map(one -> new GroupRow(one, page.keeps)).toList(),
              new Slots<GroupRow>()
                  .text("name", row -> row.group.name())
                  .text("members", OncallPage::members)
                  .text("changeLabel", row -> "Change " + row.group.name())
                  .text("removeLabel", row -> "Remove " + row.group.name())
                  .text("formsHidden", row -> Formats.yes(!row.keeps))
                  .each("wishes", GroupRow::wishes, WishRow.SLOTS))
          .text("draft.escalation", page -> page.draft.escalation)
          .text("draft.target", page -> page.draft.target)
          .text("draft.line", page -> page.draft.line)
          .text("draft.within", page -> page.draft.within)
          .text("draft.group", page -> page.draft.group)
          .text("draft.members", page -> page.draft.members);

  static Page<OncallPage> with(Team team, Clock clock) {
    return Page.at("/oncall", "oncall.html", SLOTS, visit -> of(team, visit, clock))
        .takingFrom(Role.READER, (form, visit) -> change(team, form, visit.caller()));
  }

  private static OncallPage of(Team team, Visit visit, Clock clock) {
    Caller caller = visit.caller();
    long before = visit.number("before", Long.MAX_VALUE);
    Listing<EscalationView> escalations =
        Listing.ask("Escalations", () -> team.escalations().escalations());
    Listing<GroupView> groups = Listing.ask("Groups", () -> team.groups().of(caller));
    return new OncallPage(
        Listing.ask(
            "Pages",
            () ->
                team.escalations().pages(false, before, SHOWN + 1).stream()
                    .map(page -> new OpenPage(page, caller, clock.instant()))
                    .toList()),
        visit.query().containsKey("before"),
        escalations,
        groups,
        caller.has(Role.ADMIN),
        Draft.of(visit, escalations.rows(), groups.rows()));
  }

  private static void change(Team team, FormBody form, Caller caller) {
    String what = form.require("do");
    if (what.equals("acknowledge")) {
      // Whom an admin has put in line may say that they look after it, whatever their role.
      PageView _ = team.escalations().acknowledge(caller, form.id("page"));
      return;
    }
    caller.require(Role.ADMIN);
    switch (what) {
      case "escalate" -> {
        EscalationView _ =
            team.escalations()
                .put(
                    caller,
                    DomainException.valid(() ->
                        new Escalation(
                            form.require("name").strip(),
                            Target.parse(form.require("target").strip()),
                            names(form, "line"),
                            Duration.ofSeconds(form.number("within", 0)))));
      }
      case "unescalate" -> team.escalations().remove(caller, form.require("name"));
      case "group" -> {
        GroupView _ =
            team.groups()
                .put(
                    caller,
                    form.require("name").strip(),
                    new LinkedHashSet<>(names(form, "members")));
      }
      case "ungroup" -> team.groups().remove(caller, form.require("name"));
      case "watch" -> {
        GroupView _ = team.groups().watch(caller, form.require("name").strip(), wish(form));
      }
      case "unwatch" -> {
        GroupView _ = team.groups().unwatch(caller, form.require("name"), form.require("target"));
      }
      default ->
          throw form.unknown(
              "do", "acknowledge, escalate, unescalate, group, ungroup, watch or unwatch");
    }
  }

  private static WatchBody wish(FormBody form) {
    List<String> channels = names(form, "channels");
    return new WatchBody(
        form.require("target").strip(),
        null,
        null,
        null,
        text(form, "filter"),
        channels.isEmpty() ? null : new LinkedHashSet<>(channels),
        null,
        null);
  }

  private static @Nullable String text(FormBody form, String name) {
    String text = form.get(name).strip();
    return text.isEmpty() ? null : text;
  }

  /** Names between commas. */
  private static List<String> names(FormBody form, String name) {
    return Arrays.stream(form.get(name).split(",", -1))
        .map(String::strip)
        .filter(one -> !one.isEmpty())
        .toList();
  }

  private static String warning(EscalationRow row) {
    List<String> without = row.escalation.withoutAddress();
    return without.isEmpty()
        ? ""
        : "The inbox alone tells %s: no address is set.".formatted(String.join(", ", without));
  }

  private static String members(GroupRow row) {
    return row.group.members().isEmpty() ? "nobody" : String.join(", ", row.group.members());
  }

  private List<OpenPage> shown() {
    return pages.rows().stream().limit(SHOWN).toList();
  }

  /** The page before which the list goes on; empty on the last. */
  private String next() {
    return pages.rows().size() > SHOWN ? Long.toString(shown().getLast().page().id()) : "";
  }
}
