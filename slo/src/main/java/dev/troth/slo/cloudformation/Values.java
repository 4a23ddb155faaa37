package dev.troth.slo.cloudformation;

import dev.troth.json.Json;
import dev.troth.json.file.Section;
import dev.troth.json.file.YamlTags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What values come to, as far as the template alone says it: parameters count as their defaults,
 * and what is known at deployment only stays as {@code ${Name}}.
 */
public final class Values {
  /** {@code !Ref x}, {@code !Sub x} and the others are short for their long forms. */
  public static final YamlTags SHORT_FORMS =
      tag -> {
        if (!tag.startsWith("!") || tag.startsWith("!!") || tag.length() < 2) {
          return Optional.empty();
        }
        String name = tag.substring(1);
        boolean plain = name.equals("Ref") || name.equals("Condition");
        return Optional.of(plain ? name : "Fn::" + name);
      };

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

  private final Map<String, String> defaults;

  private Values(Map<String, String> defaults) {
    this.defaults = Map.copyOf(defaults);
  }

  public static Values of(Section root) {
    Map<String, String> defaults = new LinkedHashMap<>();
    member(root, "Parameters")
        .ifPresent(parameters ->
            members(parameters)
                .forEach((name, parameter) ->
                    member(parameter, "Default")
                        .filter(Section::isScalar)
                        .ifPresent(value -> defaults.put(name, value.text()))));
    return new Values(defaults);
  }

  /** The same with values that a deployment gives to parameters and names of resources. */
  Values with(Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>(defaults);
    all.putAll(given);
    return new Values(all);
  }

  public static Optional<Section> member(Section section, String name) {
    return section.isMapping() ? section.get(name).map(Values::branch) : Optional.empty();
  }

  public static Map<String, Section> members(Section section) {
    Map<String, Section> members = new LinkedHashMap<>();
    if (section.isMapping()) {
      section.keys().forEach(key -> member(section, key).ifPresent(m -> members.put(key, m)));
    }
    return members;
  }

  public static List<Section> items(Section section) {
    return section.isList()
        ? section.list().stream().map(Values::branch).filter(item -> !isNothing(item)).toList()
        : List.of();
  }

  /** The first branch of an {@code Fn::If}, or the second if the first leaves the value away. */
  private static Section branch(Section section) {
    if (section.isMapping() && section.keys().size() == 1) {
      Optional<Section> branches = section.get("Fn::If");
      if (branches.isPresent() && branches.get().isList()) {
        List<Section> parts = branches.get().list();
        if (parts.size() == 3) {
          return branch(isNothing(parts.get(1)) ? parts.get(2) : parts.get(1));
        }
      }
    }
    return section;
  }

  private static boolean isNothing(Section section) {
    return section.value() instanceof Json.Obj(Map<String, Json> members)
        && members.size() == 1
        && members.get("Ref") instanceof Json.Str(String name)
        && name.equals("AWS::NoValue");
  }

  /** The text of a value; none if only the deployment knows it. */
  public Optional<String> text(Section section) {
    if (section.isScalar()) {
      return section.isNull() ? Optional.empty() : Optional.of(section.text());
    }
    if (!section.isMapping() || section.keys().size() != 1) {
      return Optional.empty();
    }
    String function = section.keys().iterator().next();
    return section
        .get(function)
        .flatMap(argument ->
            switch (function) {
              case "Ref", "Fn::GetAtt" -> reference(argument);
              case "Fn::Sub" -> substituted(argument);
              case "Fn::Join" -> joined(argument);
              default -> Optional.empty();
            });
  }

  private Optional<String> reference(Section argument) {
    if (argument.isScalar()) {
      return Optional.of(variable(argument.text()));
    }
    return argument.isList() && argument.list().stream().allMatch(Section::isScalar)
        ? Optional.of(variable(String.join(".", argument.texts())))
        : Optional.empty();
  }

  private String variable(String name) {
    String known = defaults.get(name);
    return known == null ? "${" + name + "}" : known;
  }

  private Optional<String> substituted(Section argument) {
    if (argument.isList() && argument.list().isEmpty()) {
      return Optional.empty();
    }
    Section text = argument.isList() ? argument.list().getFirst() : argument;
    if (!text.isScalar()) {
      return Optional.empty();
    }
    Map<String, Section> own =
        argument.isList() && argument.list().size() > 1
            ? members(argument.list().get(1))
            : Map.of();
    Matcher matcher = VARIABLE.matcher(text.text());
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1);
      String value =
          name.startsWith("!")
              ? "${" + name.substring(1) + "}"
              : own.containsKey(name)
                  ? text(own.get(name)).orElse("${" + name + "}")
                  : variable(name);
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return Optional.of(matcher.appendTail(result).toString());
  }

  private Optional<String> joined(Section argument) {
    List<Section> parts = items(argument);
    if (parts.size() != 2 || !parts.get(0).isScalar()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (Section item : items(parts.get(1))) {
      Optional<String> text = text(item);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      texts.add(text.get());
    }
    return Optional.of(String.join(parts.get(0).text(), texts));
  }

  /** The text of a member. */
  public Optional<String> text(Section section, String name) {
    return member(section, name).flatMap(this::text);
  }

  /** A whole number; none if it is none, or only the deployment knows it. */
  public Optional<Integer> whole(Section section, String name) {
    return text(section, name).filter(text -> text.matches("\\d{1,9}")).map(Integer::parseInt);
  }

  /** Whether a text is nothing but what only the deployment knows. */
  public static boolean isOnlyOpen(String text) {
    return VARIABLE.matcher(text.strip()).matches();
  }

  /** Whether a text still holds what only the deployment knows. */
  public static boolean isOpen(String text) {
    return VARIABLE.matcher(text).find();
  }
}
