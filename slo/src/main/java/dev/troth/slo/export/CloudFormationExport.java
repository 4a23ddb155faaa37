package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the objectives of a chain as a CloudFormation template for CloudWatch.
 *
 * <pre>{@code
 * Exported orders = CloudFormationExport.of(loaded, Optional.of("orders"), false);
 * }</pre>
 *
 * <p>A request is bad if the gateway answered 5xx, or if the service says that it answered below
 * 500 although a step failed. The two exclude each other, so their sum is exact.
 */
public final class CloudFormationExport {
  private CloudFormationExport() {}

  /**
   * A template.
   *
   * @param notes what of the objectives CloudWatch does not keep
   */
  public record Exported(Json template, List<String> notes) {
    public Exported {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Exports the chain of an objective with all objectives on it.
   *
   * @param name of an objective; none if the files hold one chain
   * @param additive whether the dashboard shows the additive recipe beside the composite
   */
  public static Exported of(Loaded loaded, Optional<String> name, boolean additive)
      throws RefusedException {
    List<Objective> objectives = chosen(loaded, name);
    Chain chain = objectives.getFirst().chain().orElseThrow();
    Objective first = objectives.getFirst();
    Deployment deployment =
        Optional.ofNullable(loaded.details().get(first.name()))
            .flatMap(Loaded.Detail::deployment)
            .orElseThrow(() ->
                new RefusedException(
                    first.name()
                        + ": the file does not say where its steps run in AWS: add 'cloudWatch' with a"
                        + " resource for each step"));
    LogicalNames names = new LogicalNames();
    List.of(Topics.PAGE, Topics.TICKET).forEach(names::name);
    ChainMetrics metrics = new ChainMetrics(first.name(), chain, deployment, names);
    List<String> refusals = new ArrayList<>(metrics.refusals());
    objectives.forEach(objective -> refusals.addAll(refusals(objective)));
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
    return new Exported(
        template(objectives, metrics, names, additive), notes(objectives, deployment));
  }

  private static List<Objective> chosen(Loaded loaded, Optional<String> name)
      throws RefusedException {
    Map<Chain, List<Objective>> chains = new LinkedHashMap<>();
    for (Objective objective : loaded.objectives()) {
      objective
          .chain()
          .ifPresent(chain -> chains.computeIfAbsent(chain, _ -> new ArrayList<>()).add(objective));
    }
    if (name.isPresent()) {
      Objective wanted =
          loaded.objectives().stream()
              .filter(objective -> objective.name().equals(name.get()))
              .findFirst()
              .orElseThrow(() ->
                  new RefusedException(
                      "there is no objective '%s', expected one of %s"
                          .formatted(name.get(), names(loaded.objectives()))));
      Chain chain =
          wanted
              .chain()
              .orElseThrow(() ->
                  new RefusedException(
                      wanted.name()
                          + (wanted.measure() instanceof Measure.Unmeasured(String reason)
                              ? ": it is unmeasured: " + reason
                              : ": it counts metrics that the platform receives, and no requests of a"
                                  + " chain: CloudWatch has no such metrics")));
      return withAvailability(java.util.Objects.requireNonNull(chains.get(chain)));
    }
    if (chains.size() != 1) {
      throw new RefusedException(
          chains.isEmpty()
              ? "no objective has a chain of steps: only those can be exported"
              : "the files hold %d chains: name an objective of the one to export, of %s"
                  .formatted(
                      chains.size(), names(chains.values().stream().map(List::getFirst).toList())));
    }
    return withAvailability(chains.values().iterator().next());
  }

  /** Those on availability come first: the dashboard begins with one. */
  private static List<Objective> withAvailability(List<Objective> objectives)
      throws RefusedException {
    List<Objective> sorted = new ArrayList<>(objectives);
    sorted.sort(java.util.Comparator.comparing(o -> o.measure() instanceof Measure.Latency));
    if (sorted.getFirst().measure() instanceof Measure.Latency) {
      throw new RefusedException(
          sorted.getFirst().name()
              + ": its chain has no objective on availability, with which the dashboard begins");
    }
    return sorted;
  }

  private static String names(List<Objective> objectives) {
    return String.join(", ", objectives.stream().map(Objective::name).toList());
  }

  private static List<String> refusals(Objective objective) {
    List<String> refusals = new ArrayList<>();
    if (objective.kind() == CountingMethod.INTERVAL) {
      refusals.add(
          objective.name()
              + ": an interval needs a counter of distinct requests per step, but Lambda and DynamoDB"
              + " count attempts, which bound nothing");
    }
    if (objective.kind() == CountingMethod.ADDITIVE) {
      refusals.add(
          objective.name()
              + ": an additive figure is no success rate; export an exact objective, and show the"
              + " recipe beside it with --additive");
    }
    objective
        .goal()
        .slices()
        .ifPresent(slices ->
            refusals.add(
                "%s: it counts %s, which the platform and replays judge, not alarms"
                    .formatted(objective.name(), slices.text())));
    objective
        .rules()
        .maintenance()
        .forEach(one ->
            refusals.add(
                "%s: maintenance '%s' is %s: CloudWatch would count that time"
                    .formatted(objective.name(), one.name(), one.text())));
    objective
        .chain()
        .flatMap(Chain::alertsBy)
        .ifPresent(by ->
            refusals.add(
                objective.name()
                    + ": groups by "
                    + by
                    + " alert, but CloudWatch counts all requests together; export with alertOn: total"));
    if (objective.goal().window() instanceof Window.Calendar) {
      refusals.add(
          objective.name()
              + ": the window is a "
              + objective.goal().window().text()
              + ", but alarms and dashboards of CloudWatch look back a fixed time");
    }
    if (objective.rules().alerts().gate() instanceof MinimumEvidence.Unlikely) {
      refusals.add(
          objective.name()
              + ": a binomial test cannot be written in metric math; give minBadEvents");
    }
    return refusals;
  }

  private static Json template(
      List<Objective> objectives, ChainMetrics metrics, LogicalNames names, boolean additive) {
    Map<String, Json> parameters = new LinkedHashMap<>();
    Topics.parameters(parameters);
    parameters.putAll(metrics.parameters());
    Objective availability = objectives.getFirst();
    Map<String, Json> resources = new LinkedHashMap<>();
    for (Objective objective : objectives) {
      resources.putAll(
          new BurnAlarms(objective, Indicator.of(objective, metrics), names).resources());
    }
    resources.putAll(TelemetryAlarms.of(availability, metrics, names));
    Optional<Objective> latency =
        objectives.stream().filter(o -> o.measure() instanceof Measure.Latency).findFirst();
    resources.put(
        names.name(availability.name(), "Dashboard"),
        Dashboard.of(availability, latency, metrics, additive));
    return Shape.object(
        "AWSTemplateFormatVersion",
        "2010-09-09",
        "Description",
        "What %s promises: burn rate alarms, objectives and a dashboard, by troth slo export"
            .formatted(availability.name()),
        "Parameters",
        new Json.Obj(parameters),
        "Conditions",
        Topics.conditions(),
        "Resources",
        new Json.Obj(resources));
  }

  private static List<String> notes(List<Objective> objectives, Deployment deployment) {
    Set<String> notes = new LinkedHashSet<>();
    for (Objective objective : objectives) {
      if (!objective.rules().exclusions().isEmpty()) {
        notes.add(objective.name() + ": exclusions are not kept: CloudWatch counts that time");
      }
      objective
          .chain()
          .flatMap(Chain::grouping)
          .ifPresent(by ->
              notes.add(
                  "%s: groups by %s are not kept: CloudWatch counts all requests together"
                      .formatted(objective.name(), by.attribute())));
      objective
          .rules()
          .alerts()
          .resolveAfter()
          .ifPresent(after ->
              notes.add(
                  "%s: resolveAfter %s is not kept: an alarm ends with its short window"
                      .formatted(objective.name(), Durations.format(after))));
      boolean far =
          objective.rules().alerts().conditions().stream()
              .anyMatch(condition -> condition.longWindow().toDays() > 1);
      if (far) {
        notes.add(
            objective.name()
                + ": windows above a day are burn rates of Application Signals, which know no least"
                + " number of bad requests");
      }
    }
    if (objectives.getFirst().rules().alerts().lostAfter().isEmpty()) {
      notes.add(
          "%s: telemetry counts as lost after %s without a request: give telemetryLostAfter"
              .formatted(objectives.getFirst().name(), Durations.format(TelemetryAlarms.QUIET)));
    }
    boolean functions =
        deployment.steps().values().stream()
            .anyMatch(Deployment.Resource.Function.class::isInstance);
    boolean bus =
        deployment.steps().values().stream().anyMatch(Deployment.Resource.Bus.class::isInstance);
    if (!functions || !bus) {
      notes.add(
          "the dashboard has no widget for %s: no step runs there"
              .formatted(
                  functions ? "event entries" : bus ? "functions" : "functions and event entries"));
    }
    deployment
        .steps()
        .forEach((step, resource) -> {
          if (resource instanceof Deployment.Resource.Unmeasured(String reason)) {
            notes.add("step '%s' has no metric of its own: %s".formatted(step, reason));
          }
        });
    return List.copyOf(notes);
  }
}
