package dev.troth.server.console;

import dev.troth.server.console.page.Slots;
import java.util.ArrayList;
import java.util.List;

/** What bends an objective's figures: budget policies, times left out, times without data. */
record NoteSection(Doc doc) {
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
    for (Doc policy : doc.list("policies")) {
      String reached = policy.node().path("crossed").asBoolean(false) ? "reached" : "not reached";
      String share = "at %d %% of the budget".formatted(policy.whole("atPercent"));
      notes.add(new Note("Policy", policy.text("action"), share + ", " + reached));
    }
    doc.list("exclusions").forEach(span -> notes.add(note("Excluded", span)));
    doc.list("gaps").forEach(span -> notes.add(note("No data", span)));
    return notes;
  }

  private static Note note(String kind, Doc span) {
    String when =
        "%s to %s".formatted(Formats.minute(span.text("from")), Formats.minute(span.text("to")));
    return new Note(kind, span.text("reason"), when);
  }
}
