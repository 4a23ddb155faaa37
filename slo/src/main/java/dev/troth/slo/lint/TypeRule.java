package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.Values;
import java.util.List;

/** A resource has a type. */
final class TypeRule implements ResourceRule {
  @Override
  public void check(Template template, Resource resource, List<Finding> findings) {
    // A type may be put together by a macro or a module.
    if (Values.member(resource.body(), "Type").isPresent()) {
      return;
    }
    boolean metrics = Values.member(resource.properties(), "Metrics").isPresent();
    findings.add(
        Finding.error(
            "template/type",
            resource.body().keyPlace(),
            resource.name() + " has no Type, so nothing is created of it",
            metrics
                ? "make it an AWS::CloudWatch::Alarm with Metrics under Properties, and Threshold,"
                    + " ComparisonOperator and EvaluationPeriods beside them; or a chart of a dashboard"
                : "name its Type"));
  }
}
