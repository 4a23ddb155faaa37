package dev.troth.server.console;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.FormBody;
import dev.troth.server.source.SourceView;
import dev.troth.server.source.SourceView.StreamView;
import dev.troth.server.source.Sources;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where changes come from that nobody sends in, and how each source does. */
record SourcesPage(Listing<SourceView> sources) {
  private static final Map<String, String> TONES =
      Map.of("ok", "good", "failing", "bad", "late", "warn");

  private static final Slots<SourcesPage> SLOTS =
      new Slots<SourcesPage>()
          .text("sources.state", page -> page.sources.state())
          .text("sources.trouble", page -> page.sources.trouble())
          .text("sources.topics", SourcesPage::topics)
          .text("sources.summary", SourcesPage::summary)
          .each(
              "sources",
              page -> page.sources.rows(),
              new Slots<SourceView>()
                  .text("name", SourceView::name)
                  .text("health", source -> source.standing().health())
                  .text("tone", source -> TONES.getOrDefault(health(source), "quiet"))
                  .text("kind", SourceView::kind)
                  .text("subject", SourceView::subject)
                  .text("url", SourceView::url)
                  .text("seen", SourcesPage::seen)
                  .text("changes", source -> Formats.grouped(source.standing().changes()))
                  .text("waiting", SourcesPage::waiting)
                  .text("error", source -> requireNonNullElse(source.standing().lastError(), ""))
                  .text("pauseLabel", source -> "Pause " + source.name())
                  .text("resumeLabel", source -> "Resume " + source.name())
                  .text("pauseHidden", source -> Formats.yes(isPaused(source)))
                  .text("resumeHidden", source -> Formats.yes(!isPaused(source))));

  static Page<SourcesPage> with(Sources sources) {
    return Page.at(
            "/sources",
            "sources.html",
            SLOTS,
            visit -> new SourcesPage(Listing.ask("Sources", () -> sources.all(visit.caller()))))
        .taking((form, visit) -> change(sources, form, visit));
  }

  private static void change(Sources sources, FormBody form, Visit visit) {
    switch (form.require("do")) {
      case "pause" -> {
        SourceView _ = sources.pause(visit.caller(), form.require("source"));
      }
      case "resume" -> {
        SourceView _ = sources.resume(visit.caller(), form.require("source"));
      }
      default -> throw form.unknown("do", "pause or resume");
    }
  }

  private static String health(SourceView source) {
    return source.standing().health();
  }

  private static boolean isPaused(SourceView source) {
    return health(source).equals("paused");
  }

  private static String seen(SourceView source) {
    Long lag = source.standing().lag();
    return lag == null ? "never" : Formats.span(Duration.ofSeconds(lag)) + " ago";
  }

  private static String waiting(SourceView source) {
    StreamView stream = source.stream();
    return stream == null || stream.farEnd().isEmpty()
        ? Formats.UNKNOWN
        : "%s %s, %s".formatted(Formats.grouped(stream.behind()), stream.unit(), stream.farEnd());
  }

  /** What moves a row: the source itself, and what it tells of. */
  private String topics() {
    return Stream.concat(
            Stream.of("source/*"),
            sources.rows().stream().map(source -> source.subject().replaceFirst("/.*", "") + "/*"))
        .distinct()
        .collect(Collectors.joining(" "));
  }

  private String summary() {
    long failing =
        sources.rows().stream().filter(source -> health(source).equals("failing")).count();
    return "%d failing of %s"
        .formatted(failing, Formats.counted(sources.rows().size(), "source", "sources"));
  }
}
