package dev.troth.server.console.explore;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.objective.ObjectiveView;
import dev.troth.server.objective.Objectives;
import dev.troth.server.subject.SubjectView;
import dev.troth.server.subject.Subjects;
import dev.troth.server.trace.Traces;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What has a text in its name: subjects, objectives, and the trace of an id. */
public record SearchPage(String text, Listing<Found> found, List<String> types, Instant now) {
  private static final int SHOWN = 50;
  private static final int LONGEST = 200;

  /** Where it looks. */
  public record Searched(Subjects subjects, Objectives objectives, Traces traces, Clock clock) {}

  /** Something that was found, and where it is. */
  private record Found(String path, String kind, String name, String note) {}

  private static final Slots<SearchPage> SLOTS =
      new Slots<SearchPage>()
          .text("search.text", SearchPage::text)
          .text("search.state", page -> page.found.state())
          .text("search.trouble", page -> page.found.trouble())
          .text("search.summary", SearchPage::summary)
          .text("search.none", SearchPage::none)
          .text(
              "search.topics",
              page -> page.types.stream().map(type -> type + "/*").collect(Collectors.joining(" ")))
          .each(
              "found",
              page -> page.found.rows().stream().limit(SHOWN).toList(),
              new Slots<Found>()
                  .text("path", Found::path)
                  .text("kind", Found::kind)
                  .text("name", Found::name)
                  .text("note", Found::note));

  /** The page over its services. */
  public static Page<SearchPage> with(Searched services) {
    return Page.at("/search", "search.html", SLOTS, visit -> of(services, visit));
  }

  private static SearchPage of(Searched services, Visit visit) {
    String asked = visit.query().getOrDefault("q", "").strip();
    String text =
        asked.codePointCount(0, asked.length()) <= LONGEST
            ? asked
            : asked.substring(0, asked.offsetByCodePoints(0, LONGEST));
    Instant now = services.clock().instant();
    Listing<Found> found =
        text.isEmpty()
            ? Listing.of(List.of())
            : Listing.ask("The search", () -> find(services, visit, text, now));
    // Of what has a type in the text, subjects of that type may come; else of any that is known.
    int slash = text.indexOf('/');
    List<String> types =
        slash > 0 ? List.of(text.substring(0, slash)) : services.subjects().types();
    return new SearchPage(text, found, types, now);
  }

  private static List<Found> find(Searched services, Visit visit, String text, Instant now) {
    List<Found> found = new ArrayList<>();
    if (text.matches("[0-9a-f]{32}")) {
      services
          .traces()
          .outline(text)
          .ifPresent(trace ->
              found.add(
                  new Found(
                      "trace/" + text,
                      "trace",
                      text,
                      Formats.counted(trace.size(), "span", "spans"))));
    }
    objectives(services, text.toLowerCase(Locale.ROOT)).forEach(found::add);
    services.subjects().find(visit.caller(), text, SHOWN + 1).stream()
        .map(subject -> found(subject, now))
        .filter(one -> found.stream().noneMatch(other -> other.path().equals(one.path())))
        .toList()
        .forEach(found::add);
    return found;
  }

  private static Stream<Found> objectives(Searched services, String text) {
    return services.objectives().list().objectives().stream()
        .filter(ObjectiveView.class::isInstance)
        .map(ObjectiveView.class::cast)
        .filter(view ->
            (view.identity().name() + " " + view.identity().displayName())
                .toLowerCase(Locale.ROOT)
                .contains(text))
        .map(view ->
            new Found(
                "slo/" + Formats.pathOf(view.identity().name()),
                "objective",
                "slo/" + view.identity().name(),
                view.identity().displayName()));
  }

  private static Found found(SubjectView subject, Instant now) {
    String type = subject.subject().substring(0, subject.subject().indexOf('/'));
    return new Found(
        Formats.pathOf(subject.subject()),
        type,
        subject.subject(),
        "changed " + Formats.ago(now, subject.changedAt()));
  }

  private String summary() {
    int count = found.rows().size();
    return text.isEmpty() ? "" : count > SHOWN ? "the first " + SHOWN : count + " found";
  }

  private String none() {
    return text.isEmpty()
        ? "Type the beginning or a part of a name, such as order or slo/orders, or a trace id."
        : "Nothing that you may see has this in its name.";
  }
}
