package dev.troth.server.console.trace;

import dev.troth.server.auth.Caller;
import dev.troth.server.change.ChangeView;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.page.Slots;
import dev.troth.server.subject.NearChanges;
import dev.troth.server.subject.NearChanges.Group;
import dev.troth.server.subject.Subjects;
import java.time.Instant;

/** What changed before a time: what may have caused what was seen then. */
public record NearSection(Listing<Group> groups, Instant from, Instant time) {
  private static final int SHOWN = 20;

  static final Slots<NearSection> SLOTS =
      new Slots<NearSection>()
          .text("near.state", section -> section.groups.state())
          .text("near.trouble", section -> section.groups.trouble())
          .text(
              "near.summary",
              section -> "from %s on, rare ones first".formatted(Formats.minute(section.from)))
          .each(
              "near",
              section ->
                  section.groups.rows().stream()
                      .limit(SHOWN)
                      .map(group -> new Row(group, section.time))
                      .toList(),
              Row.SLOTS);

  static NearSection of(Subjects subjects, Caller caller, Instant time) {
    Instant[] from = {time};
    Listing<Group> groups =
        Listing.ask(
            "Changes",
            () -> {
              NearChanges near = subjects.near(caller, time);
              from[0] = near.from();
              return near.groups();
            });
    return new NearSection(groups, from[0], time);
  }

  /** Changes of one kind. */
  private record Row(Group group, Instant time) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("seq", row -> String.valueOf(row.change().seq()))
            .text("path", row -> Formats.pathOf(row.change().subject()))
            .text("subject", row -> row.change().subject())
            .text("what", row -> row.change().type().replaceAll("[._]", " "))
            .text("actor", row -> row.change().actor())
            .text("count", Row::count)
            .text("at", row -> row.change().at().toString())
            .text(
                "before", row -> Formats.ago(row.time, row.change().at()).replace("ago", "before"));

    private ChangeView change() {
      return group.newest();
    }

    private String count() {
      return group.count() == 1 ? "" : "and %s more".formatted(Formats.grouped(group.count() - 1));
    }
  }
}
