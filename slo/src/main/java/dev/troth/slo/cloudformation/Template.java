package dev.troth.slo.cloudformation;

import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import dev.troth.slo.terraform.TerraformPlan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A template, the bare map of resources that people cut from one, or a plan of Terraform.
 *
 * @param resources by their logical names
 */
public record Template(Section root, Values values, Map<String, Resource> resources) {

  /**
   * A resource.
   *
   * @param type empty if it names none
   * @param properties what is under {@code Properties}; of a block that has none, the block itself
   */
  public record Resource(String name, Optional<String> type, Section body, Section properties) {
    /** Whether it is of this type. */
    public boolean is(String wanted) {
      return type.filter(wanted::equals).isPresent();
    }
  }

  private static final YamlLimits LIMITS = new YamlLimits(4_000_000, 50);

  /**
   * The same with values that a deployment gives.
   *
   * @param given by the names of parameters, or what {@code Ref} gives of resources
   * @throws IllegalArgumentException if the template has no such name
   */
  public Template with(Map<String, String> given) {
    Set<String> known = new LinkedHashSet<>();
    Values.member(root, "Parameters").ifPresent(all -> known.addAll(Values.members(all).keySet()));
    known.addAll(resources.keySet());
    for (String name : given.keySet()) {
      String resource =
          name.substring(0, name.indexOf('.') < 0 ? name.length() : name.indexOf('.'));
      if (!known.contains(resource) && !name.startsWith("AWS::")) {
        throw new IllegalArgumentException(
            "has no parameter and no resource '%s', expected one of %s"
                .formatted(name, String.join(", ", known)));
      }
    }
    return new Template(root, values.with(given), resources);
  }

  /** The documents of a file of YAML or JSON, with the short forms of functions. */
  public static SourceFile.Documents documents(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (name.endsWith(".json")) {
      try {
        return new SourceFile.Documents(List.of(SourceFile.json(name, bytes)), List.of());
      } catch (SourceFile.SyntaxException notJson) {
        // YAML says more than JSON, and the reader below says what is wrong.
      }
    }
    return SourceFile.documents(name, bytes, LIMITS, Values.SHORT_FORMS);
  }

  /** The first template in a file; empty if there is none. */
  public static Optional<Template> in(String name, String text) {
    return documents(name, text).read().stream().flatMap(d -> of(d).stream()).findFirst();
  }

  /** A document that is one; empty if it is something else. */
  public static Optional<Template> of(SourceFile document) {
    Section root = Section.of(TerraformPlan.asTemplate(document).orElse(document));
    if (!root.isMapping()) {
      return Optional.empty();
    }
    Optional<Section> resources = Values.member(root, "Resources").filter(Section::isMapping);
    boolean whole = resources.isPresent() || root.keys().contains("AWSTemplateFormatVersion");
    if (!whole && !isBareMap(root)) {
      return Optional.empty();
    }
    Map<String, Resource> read = new LinkedHashMap<>();
    for (var member : Values.members(whole ? resources.orElse(root) : root).entrySet()) {
      Section body = member.getValue();
      if (body.isMapping() && (resources.isPresent() || !whole)) {
        read.put(
            member.getKey(),
            new Resource(
                member.getKey(),
                Values.member(body, "Type").filter(Section::isScalar).map(Section::text),
                body,
                Values.member(body, "Properties").orElse(body)));
      }
    }
    return Optional.of(new Template(root, Values.of(root), read));
  }

  /** Resources without a template around them: all are mappings, and one at least shows it. */
  private static boolean isBareMap(Section root) {
    List<Section> bodies = new ArrayList<>(Values.members(root).values());
    return !bodies.isEmpty()
        && bodies.stream().allMatch(Section::isMapping)
        && bodies.stream().anyMatch(Template::looksLikeAResource);
  }

  private static boolean looksLikeAResource(Section body) {
    boolean typed =
        Values.member(body, "Type")
            .filter(type -> type.isScalar() && type.text().startsWith("AWS::"))
            .isPresent();
    return typed
        || Values.member(body, "Metrics").filter(Section::isList).isPresent()
        || Values.member(body, "Properties")
            .flatMap(properties -> Values.member(properties, "Metrics"))
            .filter(Section::isList)
            .isPresent();
  }
}
