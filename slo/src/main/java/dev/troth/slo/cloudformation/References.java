package dev.troth.slo.cloudformation;

import dev.troth.json.file.Section;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.TemplateFault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What alarms, objectives and dashboards refer to is in the template. Templates that are
 * transformed may get more than they show, and a bare map of resources is cut from one: neither is
 * looked at.
 */
public final class References {
  private static final Set<String> TYPES =
      Set.of(
          "AWS::CloudWatch::Alarm",
          "AWS::CloudWatch::CompositeAlarm",
          "AWS::CloudWatch::Dashboard",
          "AWS::ApplicationSignals::ServiceLevelObjective");
  private static final Pattern IN_TEXT = Pattern.compile("\\$\\{([A-Za-z0-9]+)(?:\\.[^}]*)?}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]+");
  private static final int DEEPEST = 100;

  private References() {}

  /** All of them in one resource. */
  public static List<TemplateFault> check(Template template, Resource resource) {
    List<TemplateFault> faults = new ArrayList<>();
    Section root = template.root();
    boolean looked =
        resource.type().filter(TYPES::contains).isPresent()
            && Values.member(root, "Resources").isPresent()
            && Values.member(root, "Transform").isEmpty()
            && root.keys().stream().noneMatch(key -> key.startsWith("Fn::"))
            && template.resources().keySet().stream().noneMatch(key -> key.startsWith("Fn::"));
    if (looked) {
      walk(template, resource.body(), 0, faults);
      Values.member(resource.body(), "Condition")
          .filter(Section::isScalar)
          .ifPresent(name -> condition(template, name, faults));
      Values.member(resource.body(), "DependsOn").ifPresent(on -> dependsOn(template, on, faults));
    }
    return faults;
  }

  private static void walk(Template template, Section at, int depth, List<TemplateFault> faults) {
    if (depth > DEEPEST) {
      return;
    }
    if (at.isList()) {
      at.list().forEach(item -> walk(template, item, depth + 1, faults));
    } else if (at.isMapping()) {
      if (at.keys().size() == 1) {
        String key = at.keys().iterator().next();
        at.get(key).ifPresent(argument -> function(template, key, argument, faults));
      }
      for (String key : at.keys()) {
        // The rule of a composite alarm has a check of its own.
        if (!key.equals("AlarmRule")) {
          at.get(key).ifPresent(value -> walk(template, value, depth + 1, faults));
        }
      }
    }
  }

  private static void function(
      Template template, String key, Section argument, List<TemplateFault> faults) {
    switch (key) {
      case "Ref" -> {
        if (argument.isScalar()) {
          named(template, argument, argument.text(), true, faults);
        }
      }
      case "Fn::GetAtt" -> {
        List<Section> parts = argument.isList() ? argument.list() : List.of(argument);
        if (!parts.isEmpty() && parts.getFirst().isScalar()) {
          String name = parts.getFirst().text().replaceAll("\\..*", "");
          named(template, argument, name, false, faults);
        }
      }
      case "Fn::Sub" -> {
        if (argument.isScalar()) {
          Matcher names = IN_TEXT.matcher(argument.text());
          while (names.find()) {
            named(template, argument, names.group(1), true, faults);
          }
        }
      }
      case "Fn::If" -> {
        if (argument.isList() && !argument.list().isEmpty()) {
          Section name = argument.list().getFirst();
          if (name.isScalar()) {
            condition(template, name, faults);
          }
        }
      }
      default -> {
        // refers to nothing by name
      }
    }
  }

  private static void named(
      Template template,
      Section place,
      String name,
      boolean parameters,
      List<TemplateFault> faults) {
    // Pseudo parameters have colons, and what a plan does not know yet has spaces.
    boolean there =
        !NAME.matcher(name).matches()
            || template.resources().containsKey(name)
            || (parameters && has(template, "Parameters", name));
    if (!there) {
      faults.add(
          new TemplateFault(
              Kind.REFERENCE,
              place.place(),
              "'%s' is no resource%s of the template"
                  .formatted(name, parameters ? " or parameter" : ""),
              ""));
    }
  }

  private static void condition(Template template, Section name, List<TemplateFault> faults) {
    if (!has(template, "Conditions", name.text())) {
      faults.add(
          new TemplateFault(
              Kind.REFERENCE,
              name.place(),
              "'%s' is no condition of the template".formatted(name.text()),
              ""));
    }
  }

  private static void dependsOn(Template template, Section on, List<TemplateFault> faults) {
    for (Section name : on.isList() ? on.list() : List.of(on)) {
      if (name.isScalar() && !template.resources().containsKey(name.text())) {
        faults.add(
            new TemplateFault(
                Kind.REFERENCE,
                name.place(),
                "DependsOn is '%s', which is no resource of the template".formatted(name.text()),
                ""));
      }
    }
  }

  private static boolean has(Template template, String part, String name) {
    return Values.member(template.root(), part)
        .filter(Section::isMapping)
        .filter(
            all -> all.keys().contains(name) || all.keys().stream().anyMatch(k -> k.contains("::")))
        .isPresent();
  }
}
