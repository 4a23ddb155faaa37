package dev.troth.slo.lint;

import dev.troth.json.file.Location;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlTags;
import dev.troth.slo.cloudformation.DashboardReader;
import dev.troth.slo.cloudformation.Formulas;
import dev.troth.slo.cloudformation.Query;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Values;
import dev.troth.slo.cloudformation.Watched;
import dev.troth.slo.cloudformation.WatchedReader;
import dev.troth.slo.objective.Deployment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the mistakes that composites of CloudWatch metrics make, in templates read together.
 *
 * <pre>{@code
 * TemplateLint lint = new TemplateLint();
 * lint.add(document); // false: it is no template
 * List<Finding> findings = lint.findings();
 * }</pre>
 */
public final class TemplateLint {
  /** What the short forms of functions mean, for the reader of documents. */
  public static final YamlTags SHORT_FORMS = Values.SHORT_FORMS;

  private final Map<Template, List<Watched>> templates = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Evidence evidence = new Evidence();

  /** Takes note of where the steps of an objective run, to compare templates with. */
  public void know(Location place, String objective, Deployment deployment) {
    evidence.add(place, objective, deployment);
  }

  /** Takes a document; false if it is neither a template nor a bare map of resources. */
  public boolean add(SourceFile document) {
    Optional<Template> template = Template.of(document);
    template.ifPresent(read -> {
      List<Watched> watched = watched(read);
      templates.put(read, watched);
      evidence.add(read, watched);
    });
    return template.isPresent();
  }

  private List<Watched> watched(Template template) {
    WatchedReader reader = new WatchedReader(template.values());
    DashboardReader charts = new DashboardReader(template.values());
    List<Watched> watched = new ArrayList<>();
    for (Template.Resource resource : template.resources().values()) {
      if (resource.is(DashboardReader.DASHBOARD)) {
        DashboardReader.Read read = charts.read(resource);
        watched.addAll(read.charts());
        read.wrong()
            .ifPresent(wrong ->
                findings.add(Finding.error("chart/body", wrong.place(), wrong.reason(), "")));
      } else {
        watched.addAll(reader.read(resource));
      }
    }
    return watched;
  }

  /** What is wrong, in the order of the files. */
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    templates.forEach((template, watched) -> {
      IntrinsicRule.check(template, all);
      template
          .resources()
          .values()
          .forEach(
              resource -> ResourceRule.ALL.forEach(rule -> rule.check(template, resource, all)));
      for (Watched one : watched) {
        Subject subject = new Subject(one, Formulas.of(one), evidence);
        Rule.ALL.forEach(rule -> rule.check(subject, all));
      }
    });
    List<String> files = templates.keySet().stream().map(t -> t.root().place().file()).toList();
    return all.stream()
        .distinct()
        .sorted(
            Comparator.<Finding>comparingInt(finding -> files.indexOf(finding.place().file()))
                .thenComparingInt(finding -> finding.place().line())
                .thenComparingInt(finding -> finding.place().column()))
        .toList();
  }

  /** What was left unchecked, because only the deployment knows it. */
  public List<Finding> unchecked() {
    List<Finding> open = new ArrayList<>();
    templates
        .keySet()
        .forEach(template ->
            template
                .resources()
                .values()
                .forEach(resource -> {
                  open(template, resource, CompositeAlarmRule.COMPOSITE, "AlarmRule", open);
                  open(template, resource, DashboardReader.DASHBOARD, "DashboardBody", open);
                }));
    for (List<Watched> watched : templates.values()) {
      for (Watched one : watched) {
        for (Query query : one.queries()) {
          boolean unknown = query.expression().filter(Values::isOpen).isPresent();
          if (unknown || (query.stat().isEmpty() && query.expression().isEmpty())) {
            open.add(
                Finding.warning(
                    "template/unchecked",
                    query.place(),
                    query.name() + " of " + one.name() + " is known at deployment only",
                    ""));
          }
        }
      }
    }
    return open;
  }

  private static void open(
      Template template,
      Template.Resource resource,
      String type,
      String property,
      List<Finding> open) {
    if (resource.is(type)) {
      Values.member(resource.properties(), property)
          .filter(value ->
              template.values().text(value).filter(text -> !Values.isOnlyOpen(text)).isEmpty())
          .ifPresent(value ->
              open.add(
                  Finding.warning(
                      "template/unchecked",
                      value.place(),
                      "the %s of %s is known at deployment only"
                          .formatted(property, resource.name()),
                      "")));
    }
  }
}
