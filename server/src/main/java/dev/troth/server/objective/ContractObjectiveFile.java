package dev.troth.server.objective;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.server.objective.ContractObjectives.Promise;
import dev.troth.slo.chain.AttributeTest;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.SpanMatch;
import dev.troth.slo.chain.Step;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The objectives of a contract as a file: a {@code troth.dev/v1 CompositeSLO}. */
public final class ContractObjectiveFile {
  private ContractObjectiveFile() {}

  /**
   * The document; read as an objective file, it gives {@link ContractObjectives#of}.
   *
   * @throws IllegalArgumentException when nothing is promised that can be an objective, or a
   *     promise is none that can be held, such as 100 %
   */
  public static Json.Obj of(Promise promise) {
    List<Objective> objectives = ContractObjectives.of(promise);
    if (objectives.isEmpty()) {
      throw new IllegalArgumentException(
          "the contract %s promises neither availability nor latency"
              .formatted(promise.contract()));
    }
    Objective first = objectives.getFirst();
    List<Json> goals = new ArrayList<>();
    objectives.forEach(objective -> goals.add(goal(objective)));
    return new JsonMembers()
        .text("apiVersion", "troth.dev/v1")
        .text("kind", "CompositeSLO")
        .put("metadata", new JsonMembers().text("name", name(objectives)).json())
        .put(
            "spec",
            new JsonMembers()
                .text("service", first.title().service())
                .text("description", first.title().description())
                .text("kind", first.kind().word())
                .others(chain(chain(first.measure())))
                .list("timeWindow", List.of(window(first.goal().window())))
                .list("objectives", goals)
                .json())
        .json();
  }

  /** A latency objective is named after its chain. */
  private static String name(List<Objective> objectives) {
    return objectives.getFirst().name().replaceFirst("-latency$", "");
  }

  private static Json goal(Objective objective) {
    JsonMembers goal = new JsonMembers().text("displayName", objective.title().displayName());
    if (objective.measure() instanceof Measure.Latency latency) {
      if (latency.threshold().toNanos() % 1_000_000 != 0) {
        throw new IllegalArgumentException(
            "latency is %s, expected whole milliseconds".formatted(latency.threshold()));
      }
      goal.text("name", objective.name())
          .text("measure", "latency")
          .text("threshold", Durations.format(latency.threshold()));
    } else {
      goal.text("name", objective.name()).text("measure", "availability");
    }
    return goal.put("target", new Json.Num(BigDecimal.valueOf(objective.goal().target()))).json();
  }

  private static Chain chain(Measure measure) {
    return switch (measure) {
      case Measure.Requests requests -> requests.chain();
      case Measure.Latency latency -> latency.chain();
      case Measure.Counters _, Measure.Unmeasured _ ->
          throw new IllegalArgumentException("a contract's objectives are measured by spans");
    };
  }

  private static Json.Obj chain(Chain chain) {
    List<Json> steps = new ArrayList<>();
    for (Step step : chain.steps()) {
      steps.add(
          new JsonMembers().text("name", step.name()).put("match", match(step.match())).json());
    }
    return new JsonMembers()
        .text("retries", word(chain.retries()))
        .text("missing", word(chain.missing()))
        .list("steps", steps)
        .json();
  }

  private static Json match(SpanMatch match) {
    JsonMembers written = new JsonMembers();
    match.kind().ifPresent(kind -> written.text("kind", word(kind)));
    JsonMembers attributes = new JsonMembers();
    for (AttributeTest test : match.attributes()) {
      if (test instanceof AttributeTest.Is is) {
        attributes.text(is.attribute(), is.value());
      }
    }
    return written.put("attributes", attributes.json()).json();
  }

  private static Json window(Window window) {
    return switch (window) {
      case Window.Rolling rolling ->
          new JsonMembers()
              .text("duration", Durations.format(rolling.length()))
              .flag("isRolling", true)
              .json();
      case Window.Calendar _ ->
          throw new IllegalArgumentException("a contract's objectives are over a rolling window");
    };
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
