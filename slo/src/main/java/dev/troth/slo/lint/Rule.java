package dev.troth.slo.lint;

import java.util.List;

/** A rule over what is watched: it names each mistake of its kind. */
@FunctionalInterface
interface Rule {
  void check(Subject subject, List<Finding> findings);

  /** All of them, in the order in which findings are listed at one place. */
  List<Rule> ALL =
      List.of(
          new MathRule(),
          new ReturnDataRule(),
          new AlarmReachRule(),
          new MetricRule(),
          new AddedFailuresRule(),
          new FillRule(),
          new MissingStepRule(),
          new LambdaErrorsRule(),
          new MeanOfRatiosRule(),
          new SuccessRule(),
          new RawErrorsRule(),
          new LatencyRule());
}
