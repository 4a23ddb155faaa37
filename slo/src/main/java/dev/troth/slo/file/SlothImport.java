package dev.troth.slo.file;

import dev.troth.json.Json;
import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import dev.troth.slo.objective.EventQueries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns files of Sloth ({@code prometheus/v1}, its Kubernetes resource, and OpenSLO {@code v1alpha}
 * as Sloth reads it) into OpenSLO v1 documents over Prometheus.
 *
 * <pre>{@code
 * SlothImport.Imported read = SlothImport.read("slo.yml", text);
 * }</pre>
 *
 * <p>What would change a figure or an alert and has no counterpart is refused or noted by name.
 */
public final class SlothImport {
  private static final YamlLimits LIMITS = new YamlLimits(4_000_000, 50);

  private final String file;
  private final List<Json> documents = new ArrayList<>();
  private final List<FileError> notes = new ArrayList<>();
  private final List<FileError> refused = new ArrayList<>();

  /**
   * What became of a file.
   *
   * @param documents OpenSLO v1, one for each objective
   * @param notes what they leave out
   * @param refused what could not be taken over, and why
   */
  public record Imported(List<Json> documents, List<FileError> notes, List<FileError> refused) {
    public Imported {
      documents = List.copyOf(documents);
      notes = List.copyOf(notes);
      refused = List.copyOf(refused);
    }
  }

  private SlothImport(String file) {
    this.file = file;
  }

  /** Reads one file, of several documents if need be. */
  public static Imported read(String file, String text) {
    SlothImport sloth = new SlothImport(file);
    SourceFile.Documents read =
        SourceFile.documents(file, text.getBytes(StandardCharsets.UTF_8), LIMITS);
    read.wrong()
        .forEach(wrong ->
            sloth.refused.add(
                new FileError(
                    file, Math.max(1, wrong.place().line()), "not YAML: " + wrong.reason())));
    read.read().forEach(document -> sloth.guarded(Section.of(document), sloth::document));
    if (sloth.documents.isEmpty() && sloth.refused.isEmpty()) {
      sloth.refused.add(new FileError(file, 1, "has no document, expected objectives of Sloth"));
    }
    return new Imported(sloth.documents, sloth.notes, sloth.refused);
  }

  /** One wrong part never hides the others. */
  private void guarded(Section part, Consumer<Section> reader) {
    try {
      reader.accept(part);
    } catch (Section.WrongException wrong) {
      refused.add(new FileError(file, Math.max(1, wrong.place().line()), wrong.reason()));
    }
  }

  private void note(Section at, String message) {
    notes.add(new FileError(file, at.line(), message));
  }

  private void document(Section root) {
    if (!root.isMapping()) {
      throw root.wrong("an objective of Sloth");
    }
    if (root.get("version").isPresent()) {
      root.only("version", "service", "labels", "slos", "slo_plugins");
      if (!root.need("version").text().equals("prometheus/v1")) {
        throw root.need("version").wrong("prometheus/v1");
      }
      objectives(root);
      return;
    }
    String kind = root.get("kind").filter(Section::isScalar).map(Section::text).orElse("");
    String version = root.get("apiVersion").filter(Section::isScalar).map(Section::text).orElse("");
    if (version.equals("sloth.slok.dev/v1") && kind.equals("PrometheusServiceLevel")) {
      objectives(root.need("spec"));
    } else if (version.equals("openslo/v1alpha") && kind.equals("SLO")) {
      alpha(root);
    } else if (kind.equals("AlertWindows")) {
      throw root.need("kind")
          .wrong("objectives: windows of alerts are 'alerting.conditions' of an objective here");
    } else if (root.get("groups").isPresent() || kind.equals("PrometheusRule")) {
      throw root.wrong("objectives, not the rules that were made of them: lint reads rules");
    } else {
      throw root.wrong(
          new IllegalArgumentException(
              "apiVersion is '%s' and kind '%s', expected version prometheus/v1, a"
                      .formatted(version, kind)
                  + " PrometheusServiceLevel of sloth.slok.dev/v1 or an SLO of openslo/v1alpha"));
    }
  }

  private void objectives(Section spec) {
    String service = spec.need("service").text();
    either(spec, "slo_plugins", "sloPlugins").ifPresent(this::plugins);
    for (Section slo : spec.need("slos").list()) {
      guarded(slo, one -> objective(service, one));
    }
  }

  private void plugins(Section plugins) {
    for (Section plugin : plugins.list("chain")) {
      note(plugin, "the plugin %s is not applied".formatted(plugin.text("id", "without an id")));
    }
  }

  private static Optional<Section> either(Section around, String name, String other) {
    return around.get(name).or(() -> around.get(other));
  }

  private void objective(String service, Section slo) {
    slo.only("name", "objective", "description", "labels", "plugins", "sli", "alerting");
    Section sli = slo.need("sli");
    sli.get("plugin")
        .ifPresent(plugin -> {
          throw plugin.wrong(
              "events by error_query and total_query: the plugin %s is code of Sloth's"
                  .formatted(plugin.text("id", "")));
        });
    sli.get("raw")
        .ifPresent(raw -> {
          throw raw.wrong(
              "events by error_query and total_query: a ratio has no counts, of which a budget and"
                  + " minBadEvents are made");
        });
    Section events = sli.need("events");
    double target = slo.need("objective").number();
    if (!(target > 0 && target < 100)) {
      throw slo.need("objective").wrong("above 0 and below 100");
    }
    String bad = query(events, "error_query", "errorQuery");
    String total = query(events, "total_query", "totalQuery");
    slo.get("plugins").ifPresent(this::plugins);
    slo.get("alerting").ifPresent(this::alerting);
    documents.add(
        openSlo(
            name(service + "-" + slo.need("name").text()),
            slo.need("name").text(),
            service,
            slo.text("description", ""),
            object("targetPercent", slo.need("objective").value()),
            new Indicator(total, bad, false),
            "30d"));
  }

  private static String query(Section events, String name, String other) {
    return windowed(
        either(events, name, other).orElseThrow(() -> events.wrong("a member " + name)));
  }

  /** Rules are made of a query by putting each window into it. */
  private static String windowed(Section query) {
    if (!EventQueries.hasWindow(query.text())) {
      throw query.wrong("a query over [{{.window}}]: without it, it counts over no window");
    }
    return query.text().strip();
  }

  private void alerting(Section alerting) {
    for (String alert : List.of("page", "ticket")) {
      either(alerting, alert + "_alert", alert + "Alert")
          .filter(one -> one.flag("disable"))
          .ifPresent(one ->
              note(
                  one,
                  "the %s is disabled there; here it is told to those who watch".formatted(alert)));
    }
    boolean labels =
        List.of("labels", "annotations").stream().anyMatch(key -> alerting.get(key).isPresent())
            || List.of("page_alert", "pageAlert", "ticket_alert", "ticketAlert").stream()
                .anyMatch(key -> alerting.get(key).flatMap(a -> a.get("labels")).isPresent());
    if (labels) {
      note(alerting, "labels and annotations of alerts are left out: routes go by objective");
    }
  }

  private void alpha(Section root) {
    Section spec = root.need("spec");
    if (!spec.text("budgetingMethod", "Occurrences").equals("Occurrences")) {
      throw spec.need("budgetingMethod").wrong("Occurrences");
    }
    List<Section> goals = spec.need("objectives").list();
    for (Section goal : goals) {
      Section ratio = goal.need("ratioMetrics");
      Section window = spec.need("timeWindows").list().getFirst();
      String unit = window.need("unit").text().toLowerCase(Locale.ROOT);
      if (!unit.equals("day") && !unit.equals("week")) {
        throw window.need("unit").wrong("Day or Week");
      }
      String suffix = goals.size() == 1 ? "" : "-" + (goals.indexOf(goal) + 1);
      String display = root.need("metadata").need("name").text();
      documents.add(
          openSlo(
              name(display + suffix),
              root.need("metadata").text("displayName", display),
              spec.text("service", display),
              spec.text("description", ""),
              object("target", goal.need("target").value()),
              new Indicator(
                  windowed(ratio.need("total").need("query")),
                  windowed(ratio.need("good").need("query")),
                  true),
              window.need("count").text() + (unit.equals("day") ? "d" : "w")));
    }
  }

  private record Indicator(String total, String counted, boolean countsGood) {}

  private static Json openSlo(
      String name,
      String displayName,
      String service,
      String description,
      Json goal,
      Indicator indicator,
      String window) {
    return object(
        "apiVersion",
        "openslo/v1",
        "kind",
        "SLO",
        "metadata",
        object("name", name, "displayName", displayName),
        "spec",
        object(
            "description",
            description,
            "service",
            service,
            "budgetingMethod",
            "Occurrences",
            "timeWindow",
            new Json.Arr(List.of(object("duration", window, "isRolling", Json.Bool.TRUE))),
            "indicator",
            object(
                "metadata",
                object("name", name),
                "spec",
                object(
                    "ratioMetric",
                    object(
                        indicator.countsGood() ? "good" : "bad",
                        source(indicator.counted()),
                        "total",
                        source(indicator.total())))),
            "objectives",
            new Json.Arr(List.of(goal))));
  }

  private static Json source(String query) {
    return object("metricSource", object("type", "Prometheus", "spec", object("query", query)));
  }

  /** Names of objectives are of a-z, 0-9, '-' and '.', 63 at most. */
  private static String name(String text) {
    String name = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    return (name.length() <= 63 ? name : name.substring(0, 63)).replaceAll("^[-.]+|[-.]+$", "");
  }

  private static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      members.put(
          (String) namesAndValues[i],
          value instanceof Json json ? json : new Json.Str((String) value));
    }
    return new Json.Obj(members);
  }
}
