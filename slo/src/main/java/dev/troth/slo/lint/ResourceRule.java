package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Properties;
import dev.troth.slo.cloudformation.References;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.TemplateFault;
import java.util.List;
import java.util.function.BiFunction;

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
          of(References::check),
          of(Properties::check));

  /** What the deployment refuses, as findings. */
  private static ResourceRule of(BiFunction<Template, Resource, List<TemplateFault>> faults) {
    return (template, resource, findings) ->
        faults
            .apply(template, resource)
            .forEach(fault ->
                findings.add(
                    Finding.error(id(fault), fault.place(), fault.message(), fault.cure())));
  }

  private static String id(TemplateFault fault) {
    return switch (fault.kind()) {
      case REFERENCE -> "template/reference";
      case PROPERTY -> "template/property";
      case REQUIRED -> "alarm/required";
      case VALUE -> "alarm/value";
    };
  }
}
