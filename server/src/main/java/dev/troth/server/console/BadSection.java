package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.trace.BadQuery;
import dev.troth.server.trace.BadRequests;
import dev.troth.server.trace.BadView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The last bad requests of an objective, each leading to its trace. */
record BadSection(
    String objective,
    String step,
    Listing<BadRequests.Found> requests,
    String next,
    boolean later,
    Instant now) {
  private static final int SHOWN = 20;

  static final Slots<BadSection> SLOTS =
      new Slots<BadSection>()
          .text("bad.path", section -> Formats.pathOf(section.objective))
          .text("bad.state", section -> section.requests.state())
          .text("bad.trouble", section -> section.requests.trouble())
          .text("bad.step", section -> section.step)
          .text("bad.stepHidden", section -> Formats.yes(section.step.isEmpty()))
          .text("bad.summary", _ -> "newest first")
          .text("bad.none", BadSection::none)
          .text("bad.firstHidden", section -> Formats.yes(!section.later))
          .text("bad.first", section -> "?" + section.ofStep())
          .text("bad.next", section -> "?before=%s%s".formatted(section.next, section.andStep()))
          .text("bad.nextHidden", section -> Formats.yes(section.next.isEmpty()))
          .each(
              "bad",
              section ->
                  section.requests.rows().stream().map(r -> new Row(r, section.now)).toList(),
              Row.SLOTS);

  static BadSection of(BadRequests service, String objective, Visit visit, Instant now) {
    String step = visit.query().getOrDefault("step", "");
    Optional<String> before = Optional.ofNullable(visit.query().get("before"));
    BadRequests.Page[] page = {new BadRequests.Page(List.of(), null)};
    Listing<BadRequests.Found> requests =
        Listing.ask(
            "Bad requests",
            () -> {
              page[0] =
                  DomainException.valid(() ->
                      service.of(
                          BadQuery.of(
                              objective, Optional.of(step).filter(s -> !s.isEmpty()), before),
                          SHOWN));
              return page[0].requests();
            });
    String next = page[0].next();
    return new BadSection(
        objective, step, requests, next == null ? "" : next, before.isPresent(), now);
  }

  private String ofStep() {
    return step.isEmpty() ? "" : "step=" + URLEncoder.encode(step, StandardCharsets.UTF_8);
  }

  private String andStep() {
    return step.isEmpty() ? "" : "&" + ofStep();
  }

  private String none() {
    return next.isEmpty()
        ? "None of the traces that are kept is a bad request of this objective."
        : "None among the newest traces; older ones may be.";
  }

  /** One bad request. */
  private record Row(BadRequests.Found request, Instant now) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("trace", row -> row.request.trace())
            .text(
                "root",
                row -> row.request.root().isEmpty() ? "(root not seen)" : row.request.root())
            .text("why", row -> why(row.request.why()))
            .text("took", row -> Formats.millis(row.request.why().latencyMillis()))
            .text("at", row -> row.request.start().toString())
            .text("ago", row -> Formats.ago(row.now, row.request.start()));

    private static String why(BadView why) {
      List<String> reasons = new ArrayList<>();
      if (!why.failed().isEmpty()) {
        reasons.add("failed at " + String.join(", ", why.failed()));
      }
      if (!why.missing().isEmpty()) {
        reasons.add("never seen: " + String.join(", ", why.missing()));
      }
      if (why.slow()) {
        reasons.add("too slow");
      }
      return String.join("; ", reasons);
    }
  }
}
