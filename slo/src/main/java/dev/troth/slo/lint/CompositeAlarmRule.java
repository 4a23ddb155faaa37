package dev.troth.slo.lint;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.Section;
import dev.troth.slo.alarm.CompositeRule;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.Values;
import java.util.List;
import java.util.Optional;

/** A composite alarm has a rule that can be read, over alarms that exist by then. */
final class CompositeAlarmRule implements ResourceRule {
  static final String COMPOSITE = "AWS::CloudWatch::CompositeAlarm";
  private static final int LONGEST = 10_240;

  @Override
  public void check(Template template, Resource resource, List<Finding> findings) {
    if (!resource.is(COMPOSITE)) {
      return;
    }
    Optional<Section> rule = Values.member(resource.properties(), "AlarmRule");
    if (rule.isEmpty()) {
      findings.add(
          Finding.error(
              "alarm/required",
              resource.body().keyPlace(),
              resource.name() + " has no AlarmRule",
              "add AlarmRule: ALARM(\"one\") AND ALARM(\"other\")"));
      return;
    }
    Optional<String> text =
        template.values().text(rule.get()).filter(known -> !Values.isOnlyOpen(known));
    if (text.filter(written -> written.contains("AT_LEAST")).isPresent()) {
      findings.add(
          Finding.warning(
              "template/unchecked",
              rule.get().place(),
              "the AlarmRule of %s counts alarms with AT_LEAST, which is not read here"
                  .formatted(resource.name()),
              ""));
      return;
    }
    text.ifPresent(written -> check(template, resource, rule.get(), written, findings));
  }

  private static void check(
      Template template, Resource resource, Section rule, String text, List<Finding> findings) {
    CompositeRule.Read read = CompositeRule.read(text);
    read.wrong()
        .ifPresent(wrong ->
            findings.add(
                Finding.error(
                    "alarm/rule", rule.place(), "the AlarmRule is no rule: " + wrong, "")));
    if (text.length() > LONGEST) {
      findings.add(
          Finding.error(
              "alarm/rule",
              rule.place(),
              "the AlarmRule has %d characters, expected at most %d"
                  .formatted(text.length(), LONGEST),
              ""));
    }
    for (String name : read.alarms()) {
      for (Resource other : template.resources().values()) {
        boolean named =
            template
                .values()
                .text(other.properties(), "AlarmName")
                .filter(name::equals)
                .isPresent();
        if (named && !waitsFor(resource, other)) {
          findings.add(
              Finding.error(
                  "alarm/order",
                  rule.place(),
                  "%s names the alarm '%s' by its text, so it may be created before it"
                      .formatted(resource.name(), name),
                  "add DependsOn: %s, or refer to it: ALARM(\"${%s}\") in Fn::Sub"
                      .formatted(other.name(), other.name())));
        }
      }
      if (name.startsWith("${") && !exists(template, name.substring(2, name.length() - 1))) {
        findings.add(
            Finding.error(
                "alarm/rule",
                rule.place(),
                "the AlarmRule refers to " + name + ", which is no resource or parameter",
                ""));
      }
    }
  }

  private static boolean exists(Template template, String name) {
    int dot = name.indexOf('.');
    return template.resources().containsKey(dot < 0 ? name : name.substring(0, dot))
        || name.contains(":")
        || Values.member(template.root(), "Parameters")
            .filter(parameters -> Values.member(parameters, name).isPresent())
            .isPresent();
  }

  private static boolean waitsFor(Resource resource, Resource other) {
    Optional<Json> on = Values.member(resource.body(), "DependsOn").map(Section::value);
    boolean said =
        switch (on.orElse(Json.Null.NULL)) {
          case Json.Str(String name) -> name.equals(other.name());
          case Json.Arr(List<Json> names) -> names.contains(new Json.Str(other.name()));
          default -> false;
        };
    return said
        || JsonWriter.compact(resource.body().value()).contains("${" + other.name() + "}")
        || JsonWriter.compact(resource.body().value()).contains("\"Ref\":\"" + other.name() + "\"");
  }
}
