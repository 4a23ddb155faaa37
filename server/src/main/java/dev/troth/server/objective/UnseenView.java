package dev.troth.server.objective;

import dev.troth.server.agent.Unseen;
import dev.troth.server.objective.ObjectiveFigures.Bounds;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Step;
import dev.troth.slo.count.Counts;
import dev.troth.slo.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the agents that feed an objective have not seen over its window.
 *
 * @param requests how many may be missing at most
 * @param reasons the same by reason: lost, abandoned, dropped, sampled; what is 0 is left out
 * @param calls calls whose cause was not certain
 * @param connections connections that were not read; how many requests they held is not known
 * @param bounded whether nothing else can be missing: no connection was left unread
 */
public record UnseenView(
    long requests, Map<String, Long> reasons, long calls, long connections, boolean bounded) {
  static UnseenView of(Unseen unseen) {
    Map<String, Long> reasons = new TreeMap<>(unseen.requests());
    reasons.values().removeIf(count -> count == 0);
    return new UnseenView(
        unseen.most(), reasons, unseen.calls(), unseen.connections(), unseen.bounded());
  }

  /** The services whose spans an objective counts: none for all; empty if it counts no spans. */
  static Optional<List<String>> services(Objective objective) {
    return objective
        .chain()
        .map(chain -> {
          List<String> services = new ArrayList<>();
          for (Step step : chain.steps()) {
            if (step.match().service().isEmpty()) {
              return List.of();
            }
            services.add(step.match().service().get());
          }
          return services.stream().distinct().toList();
        });
  }

  /**
   * Between which shares the truth lies. Of a chain of one step what is missing are whole requests.
   * With more steps it may also be a step of a request that was seen, which turns its verdict; and
   * a call that was not joined is such a step.
   */
  static Bounds bounds(Chain chain, Counts counts, Unseen unseen) {
    boolean several = chain.steps().size() > 1;
    long missing = unseen.most() + (several ? unseen.calls() : 0);
    double total = counts.total() + (several ? 0 : missing);
    if (total <= 0) {
      return new Bounds(missing == 0 ? 1 : 0, 1);
    }
    double low = (counts.total() - counts.badHigh() - (several ? missing : 0)) / total;
    double high = (counts.total() - counts.badLow() + missing) / total;
    return new Bounds(Math.max(0, low), Math.min(1, high));
  }
}
