package dev.troth.server.objective;

import dev.troth.slo.chain.AttributeTest;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Span.SpanKind;
import dev.troth.slo.chain.SpanMatch;
import dev.troth.slo.chain.Step;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Goal;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The service levels of a data contract as objectives over 30 days. */
public final class ContractObjectives {
  private static final Window MONTH = new Window.Rolling(Duration.ofDays(30));

  /** A contract that promises a latency means nearly every message. */
  private static final double LATENCY_TARGET = 0.95;

  private ContractObjectives() {}

  /**
   * What a contract promises.
   *
   * @param contract its name, which is the destination of its messages
   * @param availability in percent, such as 99.9
   * @param latency of publishing one message
   */
  public record Promise(
      String contract, Optional<BigDecimal> availability, Optional<Duration> latency) {}

  /**
   * The objectives {@code contract.<name>} and {@code contract.<name>-latency}, as far as they are
   * promised. A message is an event of the objective by its producer span, whose {@code
   * messaging.destination.name} is the contract's name (OpenTelemetry semantic conventions).
   *
   * @throws IllegalArgumentException when a promise is none that can be held, such as 100 %
   */
  public static List<Objective> of(Promise promise) {
    SpanMatch match =
        new SpanMatch(
            Optional.empty(),
            Optional.empty(),
            Optional.of(SpanKind.PRODUCER),
            List.of(new AttributeTest.Is("messaging.destination.name", promise.contract())));
    Step publish = new Step("publish", match, List.of(), List.of(), Step.Traits.USUAL);
    Chain chain =
        new Chain(
            List.of(publish), Chain.Retries.FINAL, Chain.Missing.EXCLUDED, Chain.Sampling.NONE);
    String name = "contract." + word(promise.contract());
    List<Objective> objectives = new ArrayList<>();
    promise
        .availability()
        .ifPresent(percent ->
            objectives.add(
                objective(
                    promise,
                    name,
                    new Measure.Requests(chain, CountingMethod.EXACT),
                    percent.movePointLeft(2).doubleValue())));
    promise
        .latency()
        .ifPresent(threshold ->
            objectives.add(
                objective(
                    promise,
                    name + "-latency",
                    new Measure.Latency(chain, threshold),
                    LATENCY_TARGET)));
    return objectives;
  }

  private static Objective objective(Promise promise, String name, Measure measure, double target) {
    return new Objective(
        new Objective.Title(
            name,
            "Contract " + promise.contract() + ": " + measure.word(),
            promise.contract(),
            "Promised by the contract " + promise.contract() + "."),
        measure,
        new Goal(target, MONTH),
        new Objective.Rules(
            AlertPolicy.Preset.WORKBOOK.scaledTo(MONTH), List.of(), BudgetPolicy.DEFAULT));
  }

  /** Contract names may hold what objective names may not. */
  private static String word(String contract) {
    return contract.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-").replaceAll("-+$", "");
  }
}
