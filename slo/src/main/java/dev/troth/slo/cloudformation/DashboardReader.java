package dev.troth.slo.cloudformation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.json.file.Location;
import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.Watched.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the charts of a dashboard, whose body is JSON in a text. */
public final class DashboardReader {
  public static final String DASHBOARD = "AWS::CloudWatch::Dashboard";
  private static final int DEFAULT_PERIOD = 300;

  private final Values values;

  public DashboardReader(Values values) {
    this.values = values;
  }

  /**
   * What a dashboard shows.
   *
   * @param charts those of its body
   * @param wrong why the body is no dashboard; empty if it is one
   */
  public record Read(List<Watched> charts, Optional<Wrong> wrong) {
    public Read {
      charts = List.copyOf(charts);
    }
  }

  /** A fault of a body, and where the body stands. */
  public record Wrong(Location place, String reason) {}

  /** Reads the charts of a dashboard; nothing if only the deployment knows its body. */
  public Read read(Resource resource) {
    Optional<Section> body = Values.member(resource.properties(), "DashboardBody");
    if (body.isEmpty()) {
      return wrong(resource.body().keyPlace(), resource.name() + " has no DashboardBody");
    }
    Location at = body.get().place();
    Optional<String> text = values.text(body.get()).filter(known -> !Values.isOnlyOpen(known));
    if (text.isEmpty()) {
      return new Read(List.of(), Optional.empty());
    }
    SourceFile json;
    try {
      json = SourceFile.json(at.file(), text.get().getBytes(UTF_8));
    } catch (SourceFile.SyntaxException wrong) {
      return wrong(
          at,
          "the DashboardBody is no JSON: line %d, column %d of it: %s"
              .formatted(wrong.place().line(), wrong.place().column(), wrong.reason()));
    }
    Optional<Section> widgets = Values.member(Section.of(json), "widgets");
    if (widgets.isEmpty()) {
      return wrong(at, "the DashboardBody has no widgets");
    }
    List<Watched> charts = new ArrayList<>();
    for (Section widget : Values.items(widgets.get())) {
      chart(resource, widget, at).ifPresent(charts::add);
    }
    return new Read(charts, Optional.empty());
  }

  private static Read wrong(Location place, String reason) {
    return new Read(List.of(), Optional.of(new Wrong(place, reason)));
  }

  private Optional<Watched> chart(Resource resource, Section widget, Location at) {
    Optional<Section> properties = Values.member(widget, "properties");
    Optional<Section> metrics = properties.flatMap(p -> Values.member(p, "metrics"));
    if (metrics.isEmpty() || !metrics.get().isList()) {
      return Optional.empty();
    }
    Function<Section, Location> place =
        section ->
            new Location(
                at.file(), at.line(), at.column(), at.pointer() + section.place().pointer());
    boolean whole =
        values.text(properties.get(), "setPeriodToTimeRange").filter("true"::equals).isPresent();
    List<Query> queries = new ArrayList<>();
    List<String> before = List.of();
    for (Section row : Values.items(metrics.get())) {
      Row read = row(row, before);
      before = read.words();
      queries.add(query(read, properties.get(), whole, place.apply(row)));
    }
    return Optional.of(
        new Watched(
            Kind.CHART,
            resource.name() + " " + values.text(properties.get(), "title").orElse("chart"),
            place.apply(widget),
            queries,
            Optional.empty(),
            Optional.empty(),
            values.text(properties.get(), "start")));
  }

  /** A row: namespace, metric and dimensions as words, options behind them. */
  private record Row(List<String> words, Optional<Section> options) {}

  /** {@code "."} repeats the word above, {@code "..."} all that are left. */
  private Row row(Section row, List<String> above) {
    List<String> words = new ArrayList<>();
    Optional<Section> options = Optional.empty();
    for (Section item : Values.items(row)) {
      Optional<String> text = values.text(item);
      if (text.isEmpty()) {
        options = Optional.of(item);
      } else if (text.get().equals(".") && words.size() < above.size()) {
        words.add(above.get(words.size()));
      } else if (text.get().equals("...")) {
        while (words.size() < above.size() - 1) {
          words.add(above.get(words.size()));
        }
      } else {
        words.add(text.get());
      }
    }
    return new Row(words, options);
  }

  private Query query(Row row, Section properties, boolean whole, Location place) {
    Optional<MetricStat> stat = Optional.empty();
    if (row.words().size() >= 2) {
      Map<String, String> dimensions = new LinkedHashMap<>();
      for (int i = 2; i + 1 < row.words().size(); i += 2) {
        dimensions.put(row.words().get(i), row.words().get(i + 1));
      }
      Optional<Integer> period =
          option(row, properties, "period")
              .filter(text -> text.matches("\\d{1,9}"))
              .map(Integer::parseInt)
              .or(() -> Optional.of(DEFAULT_PERIOD))
              .filter(_ -> !whole);
      stat =
          Optional.of(
              new MetricStat(
                  place,
                  row.words().get(0),
                  row.words().get(1),
                  dimensions,
                  period,
                  option(row, properties, "stat").orElse("Average")));
    }
    Optional<String> visible = row.options().flatMap(options -> values.text(options, "visible"));
    return new Query(
        place,
        row.options().flatMap(options -> values.text(options, "id")),
        stat,
        row.options().flatMap(options -> values.text(options, "expression")),
        Optional.of(!visible.filter("false"::equals).isPresent()),
        row.options().flatMap(options -> values.text(options, "label")).orElse(""));
  }

  private Optional<String> option(Row row, Section properties, String name) {
    return row.options()
        .flatMap(options -> values.text(options, name))
        .or(() -> values.text(properties, name));
  }
}
