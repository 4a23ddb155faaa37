package dev.troth.server.console;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.breakdown.Breakdown;
import dev.troth.server.breakdown.GroupList;
import dev.troth.server.breakdown.GroupList.GroupView;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The groups of an objective that is counted by an attribute, worst first.
 *
 * @param attribute empty where it is not
 * @param counted how many groups there are
 * @param note why they have no budget; empty if they have
 * @param past whether the page is of an instant that is over, of which no group is told
 */
record GroupSection(
    String objective,
    String attribute,
    Listing<GroupView> groups,
    int counted,
    String note,
    boolean past) {
  private static final int SHOWN = 10;
  private static final int MOST = 1_002;
  private static final String PAST = "What groups had counted by an instant is not kept.";

  static final Slots<GroupSection> SLOTS =
      new Slots<GroupSection>()
          .text("groups.hidden", section -> Formats.yes(section.attribute.isEmpty()))
          .text("groups.state", section -> section.groups.state())
          .text("groups.trouble", section -> section.groups.trouble())
          .text("groups.attribute", GroupSection::attribute)
          .text("groups.summary", GroupSection::summary)
          .text("groups.none", section -> section.past ? PAST : "No request in this window.")
          .text("groups.nowHidden", section -> Formats.yes(!section.past))
          .text("groups.path", section -> Formats.pathOf(section.objective))
          .text("groups.moreHidden", section -> Formats.yes(!section.isPart()))
          .each(
              "groups",
              section ->
                  section.groups.rows().stream()
                      .map(one -> new Row(section.objective, one))
                      .toList(),
              Row.SLOTS);

  static GroupSection of(Breakdown service, String objective, Visit visit) {
    Optional<String> attribute = service.grouping(objective).map(by -> by.attribute());
    boolean past = visit.at().isPresent();
    if (attribute.isEmpty() || past) {
      return new GroupSection(objective, attribute.orElse(""), Listing.of(List.of()), 0, "", past);
    }
    boolean all = "all".equals(visit.query().get("groups"));
    int[] counted = {0};
    String[] note = {""};
    Listing<GroupView> groups =
        Listing.ask(
            "Groups",
            () -> {
              GroupList list = service.of(objective, Optional.empty(), all ? MOST : SHOWN);
              counted[0] = list.counted();
              note[0] = requireNonNullElse(list.note(), "");
              return list.groups();
            });
    return new GroupSection(objective, attribute.get(), groups, counted[0], note[0], false);
  }

  private boolean isPart() {
    return groups.rows().size() < counted;
  }

  private String summary() {
    if (past) {
      return "";
    }
    String which =
        isPart()
            ? "the worst %d of %d".formatted(groups.rows().size(), counted)
            : Formats.counted(counted, "group", "groups") + ", worst first";
    return note.isEmpty() ? which : which + "; " + note;
  }

  /** One group. */
  private record Row(String objective, GroupView view) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("group", row -> row.view.group())
            .text("path", row -> Formats.pathOf(row.objective))
            .text("query", row -> URLEncoder.encode(row.view.group(), StandardCharsets.UTF_8))
            .text("availability", row -> Formats.percent(row.view.availability()))
            .text("budget", Row::budget)
            .text("budgetTone", Row::budgetTone)
            .text("bad", Row::bad)
            .text("cause", Row::cause)
            .text("status", Row::status)
            .text("tone", Row::tone);

    private String budget() {
      GroupList.Budget budget = view.budget();
      return budget == null ? Formats.UNKNOWN : Formats.wholePercent(budget.remainingRatio());
    }

    private String budgetTone() {
      GroupList.Budget budget = view.budget();
      if (budget == null) {
        return "quiet";
      }
      double ratio = budget.remainingRatio();
      return ratio <= 0 ? "bad" : ratio < 0.25 ? "warn" : "ok";
    }

    private String bad() {
      return "%s of %s"
          .formatted(
              Formats.grouped(view.requests().bad()), Formats.grouped(view.requests().total()));
    }

    private String cause() {
      return view.causes().isEmpty() ? "" : view.causes().getFirst().step();
    }

    private String status() {
      GroupList.@Nullable State state = view.state();
      if (state == null) {
        return "";
      }
      return switch (state) {
        case OK -> "Kept";
        case TICKET -> "Burning slowly";
        case PAGE -> "Burning";
      };
    }

    private String tone() {
      GroupList.@Nullable State state = view.state();
      if (state == null) {
        return "quiet";
      }
      return switch (state) {
        case OK -> "ok";
        case TICKET -> "warn";
        case PAGE -> "bad";
      };
    }
  }
}
