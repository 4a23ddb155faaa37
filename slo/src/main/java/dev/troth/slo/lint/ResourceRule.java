package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Template.Resource;
import java.util.List;

/** A rule over a resource: whether it can be created at all. */
@FunctionalInterface
interface ResourceRule {
  void check(Template template, Resource resource, List<Finding> findings);

  /** All of them. */
  List<ResourceRule> ALL =
      List.of(
          new TypeRule(),
          new AlarmRule(),
          new CompositeAlarmRule(),
          new ReferenceRule(),
          PropertyRule::check);
}
