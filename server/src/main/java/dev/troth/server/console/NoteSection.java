package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.objective.ObjectiveDetail.Notes;
import dev.troth.server.objective.ObjectiveDetail.Policy;
import dev.troth.server.objective.ObjectiveDetail.Stretch;
import java.util.ArrayList;
import java.util.List;

/** What bends an objective's figures: budget policies, times left out, times without data. */
record NoteSection(Notes view) {
  static final Slots<NoteSection> SLOTS =
      new Slots<NoteSection>()
          .text("notes.state", section -> section.notes().isEmpty() ? "empty" : "ok")
          .text("notes.trouble", section -> "")
          .each(
              "notes",
              NoteSection::notes,
              new Slots<Note>()
                  .text("kind", Note::kind)
                  .text("what", Note::what)
                  .text("when", Note::when));

  private record Note(String kind, String what, String when) {}

  private List<Note> notes() {
    List<Note> notes = new ArrayList<>();
    for (Policy policy : view.policies()) {
      String reached = policy.crossed() ? "reached" : "not reached";
      String share = "at %d %% of the budget".formatted(policy.atPercent());
      notes.add(new Note("Policy", policy.action(), share + ", " + reached));
    }
    view.exclusions().forEach(stretch -> notes.add(note("Excluded", stretch)));
    view.gaps().forEach(stretch -> notes.add(note("No data", stretch)));
    return notes;
  }

  private static Note note(String kind, Stretch stretch) {
    String when =
        "%s to %s".formatted(Formats.minute(stretch.from()), Formats.minute(stretch.to()));
    return new Note(kind, stretch.reason(), when);
  }
}
