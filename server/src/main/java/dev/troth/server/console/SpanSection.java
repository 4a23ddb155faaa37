package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.trace.SpanView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one span: its attributes and what happened in it.
 *
 * @param span the one that was chosen, or null
 */
record SpanSection(@Nullable SpanView span) {
  static final Slots<SpanSection> SLOTS =
      new Slots<SpanSection>()
          .text("span.hidden", section -> Formats.yes(section.span == null))
          .text("span.name", section -> section.span == null ? "" : section.span.place().name())
          .each("facts", SpanSection::facts, fact())
          .each("attributes", SpanSection::attributes, fact())
          .text("events.state", section -> section.events().isEmpty() ? "empty" : "ok")
          .each("events", SpanSection::events, fact());

  private record Fact(String name, String value) {}

  private static Slots<Fact> fact() {
    return new Slots<Fact>().text("name", Fact::name).text("value", Fact::value);
  }

  private List<Fact> facts() {
    if (span == null) {
      return List.of();
    }
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Service", span.place().service()));
    facts.add(new Fact("Kind", span.place().kind().name().toLowerCase(Locale.ROOT)));
    facts.add(new Fact("Status", span.outcome().status().name().toLowerCase(Locale.ROOT)));
    if (!span.outcome().statusMessage().isEmpty()) {
      facts.add(new Fact("Message", span.outcome().statusMessage()));
    }
    facts.add(new Fact("Began after", Formats.duration(span.time().startMicros())));
    facts.add(new Fact("Took", Formats.duration(span.time().durationMicros())));
    facts.add(new Fact("Span", span.id()));
    String parent = span.parent();
    facts.add(new Fact("Parent", parent == null ? "none: it begins the trace" : parent));
    return facts;
  }

  private List<Fact> attributes() {
    return span == null ? List.of() : facts(span.attributes());
  }

  private List<Fact> events() {
    if (span == null) {
      return List.of();
    }
    List<Fact> events = new ArrayList<>();
    for (SpanView.EventView event : span.events()) {
      events.add(new Fact(Formats.duration(Math.max(0, event.atMicros())), event.name()));
      events.addAll(facts(event.attributes()));
    }
    return events;
  }

  private static List<Fact> facts(Map<String, String> attributes) {
    List<Fact> facts = new ArrayList<>();
    attributes.forEach((name, value) -> facts.add(new Fact(name, value)));
    return facts;
  }
}
