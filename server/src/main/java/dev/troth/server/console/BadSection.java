package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.trace.BadQuery;
import dev.troth.server.trace.BadRequests;
import dev.troth.server.trace.BadView;
import dev.troth.server.trace.TraceQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The last bad requests of an objective, or those of a stretch of time, each leading to its trace.
 *
 * @param at the instant of the page, where its links stay; empty for now
 */
record BadSection(
    String objective,
    Asked asked,
    Listing<BadRequests.Found> requests,
    String next,
    boolean later,
    String at,
    Instant now) {
  private static final int SHOWN = 20;

  /** Nothing was asked for: what stands below has to be seen too. */
  private static final int AT_FIRST = 5;

  static final Slots<BadSection> SLOTS =
      new Slots<BadSection>()
          .text("bad.path", section -> Formats.pathOf(section.objective))
          .text("bad.state", section -> section.requests.state())
          .text("bad.trouble", section -> section.requests.trouble())
          .text("bad.step", section -> section.asked.step)
          .text("bad.stepHidden", section -> Formats.yes(section.asked.step.isEmpty()))
          .text("bad.group", section -> section.asked.group)
          .text("bad.groupHidden", section -> Formats.yes(section.asked.group.isEmpty()))
          .text("bad.from", section -> section.asked.from)
          .text("bad.to", section -> section.asked.to)
          .text("bad.allHidden", section -> Formats.yes(section.asked.isWhole()))
          .text("bad.summary", _ -> "newest first")
          .text("bad.none", BadSection::none)
          .text("bad.firstHidden", section -> Formats.yes(!section.later))
          .text("bad.at", BadSection::at)
          .text("bad.kept", section -> section.link(""))
          .text("bad.first", section -> section.link(section.asked.query()))
          .text(
              "bad.next",
              section ->
                  section.link("before=%s&%s".formatted(section.next, section.asked.query())))
          .text("bad.more", section -> section.link("bad=more"))
          .text(
              "bad.nextHidden", section -> Formats.yes(section.next.isEmpty() || section.isBrief()))
          .text(
              "bad.moreHidden",
              section -> Formats.yes(section.next.isEmpty() || !section.isBrief()))
          .each(
              "bad",
              section ->
                  section.requests.rows().stream().map(r -> new Row(r, section.now)).toList(),
              Row.SLOTS);

  static BadSection of(BadRequests service, String objective, Visit visit, Instant now) {
    Asked asked =
        new Asked(
            visit.query().getOrDefault("step", ""),
            visit.query().getOrDefault("group", ""),
            visit.query().getOrDefault("from", ""),
            // Of an instant that is over, what had begun by then.
            visit.query().getOrDefault("to", past(visit)),
            visit.query().getOrDefault("bad", ""));
    Optional<String> before = Optional.ofNullable(visit.query().get("before"));
    BadRequests.Page[] page = {new BadRequests.Page(List.of(), null)};
    Listing<BadRequests.Found> requests =
        Listing.ask(
            "Bad requests",
            () -> {
              page[0] =
                  DomainException.valid(() ->
                      service.of(
                          asked.of(objective, before),
                          asked.isNothing() && before.isEmpty() ? AT_FIRST : SHOWN));
              return page[0].requests();
            });
    String next = page[0].next();
    return new BadSection(
        objective,
        asked,
        requests,
        next == null ? "" : next,
        before.isPresent(),
        visit.at().map(Instant::toString).orElse(""),
        now);
  }

  /** An address of the same page, which stays at its instant. */
  private String link(String query) {
    String kept = at.isEmpty() ? "" : "at=" + at;
    String all = kept.isEmpty() || query.isEmpty() ? kept + query : kept + "&" + query;
    return all.isEmpty() ? "" : "?" + all;
  }

  private static String past(Visit visit) {
    return visit.at().map(at -> at.toString().replace("Z", "")).orElse("");
  }

  /** What the address of the page narrows the list to; times are in UTC, as the form sends them. */
  record Asked(String step, String group, String from, String to, String more) {
    private boolean isNothing() {
      return query().isEmpty();
    }

    private boolean isWhole() {
      return from.isEmpty() && to.isEmpty();
    }

    private BadQuery of(String objective, Optional<String> before) {
      return new BadQuery(
          objective,
          Optional.of(step).filter(s -> !s.isEmpty()),
          Optional.of(group).filter(s -> !s.isEmpty()),
          time("from", from),
          time("to", to),
          before.map(TraceQuery.Cursor::parse));
    }

    private static Optional<Instant> time(String name, String text) {
      if (text.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            text.endsWith("Z")
                ? Instant.parse(text)
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
      } catch (DateTimeException wrong) {
        throw new IllegalArgumentException(
            "%s is '%s', expected a time in UTC such as 2026-01-31T09:30".formatted(name, text),
            wrong);
      }
    }

    private String query() {
      return Stream.of(
              pair("step", step),
              pair("group", group),
              pair("from", from),
              pair("to", to),
              pair("bad", more))
          .filter(pair -> !pair.isEmpty())
          .collect(Collectors.joining("&"));
    }

    private static String pair(String name, String value) {
      return value.isEmpty() ? "" : name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
  }

  private boolean isBrief() {
    return asked.isNothing() && !later;
  }

  private String none() {
    if (!next.isEmpty()) {
      return "None among the newest traces; older ones may be.";
    }
    return asked.isWhole()
        ? "None of the traces that are kept is a bad request of this objective."
        : "None of the traces that are kept is a bad request of this objective in that time.";
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
      if (why.group() != null) {
        reasons.add("of " + why.group());
      }
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
