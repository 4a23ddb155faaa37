package dev.troth.slo.lint;

import dev.troth.json.file.NearestName;
import dev.troth.json.file.Section;
import dev.troth.slo.cloudformation.Template;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Functions of the template language have the arguments that the deployment reads. */
final class IntrinsicRule {
  private static final int DEEPEST = 200;
  private static final Map<String, Shape> SHAPES = new TreeMap<>();

  static {
    SHAPES.put("Ref", new Shape("the name of a resource or parameter", Shape::isValue));
    SHAPES.put(
        "Fn::GetAtt", new Shape("Resource.Attribute, or a list of both", Shape::isAttribute));
    SHAPES.put(
        "Fn::If",
        new Shape(
            "a list of a condition's name and two values",
            argument -> Shape.isList(argument, 3, 3) && Shape.isText(argument.list().getFirst())));
    SHAPES.put("Fn::Sub", new Shape("a text, or a list of a text and a map", Shape::isSub));
    SHAPES.put("Fn::Join", new Shape("a list of a delimiter and a list", Shape::isJoin));
    SHAPES.put("Fn::Select", Shape.list("a list of an index and a list", 2, 2));
    SHAPES.put("Fn::Split", Shape.list("a list of a delimiter and a text", 2, 2));
    SHAPES.put("Fn::FindInMap", Shape.list("a list of a map's name and two keys", 3, 4));
    SHAPES.put("Fn::Cidr", Shape.list("a list of a block, a count and a number of bits", 2, 3));
    SHAPES.put("Fn::Equals", Shape.list("a list of two values", 2, 2));
    SHAPES.put("Fn::Not", Shape.list("a list of one condition", 1, 1));
    SHAPES.put("Fn::And", Shape.list("a list of 2 to 10 conditions", 2, 10));
    SHAPES.put("Fn::Or", Shape.list("a list of 2 to 10 conditions", 2, 10));
    SHAPES.put("Fn::ImportValue", new Shape("the name of an export", Shape::isValue));
    SHAPES.put(
        "Fn::Base64", new Shape("a text", argument -> !argument.isNull() && !argument.isList()));
    SHAPES.put("Fn::GetAZs", new Shape("a Region", argument -> !argument.isList()));
  }

  private IntrinsicRule() {}

  /**
   * What a function takes.
   *
   * @param words how messages call it
   */
  private record Shape(String words, Predicate<Section> fits) {
    static Shape list(String words, int least, int most) {
      return new Shape(words, argument -> isList(argument, least, most));
    }

    static boolean isList(Section argument, int least, int most) {
      return argument.isList() && argument.list().size() >= least && argument.list().size() <= most;
    }

    static boolean isText(Section argument) {
      return argument.isScalar() && !argument.isNull() && !argument.text().isBlank();
    }

    /** A text, or a function that comes to one. */
    static boolean isValue(Section argument) {
      return isText(argument) || (argument.isMapping() && !argument.keys().isEmpty());
    }

    static boolean isAttribute(Section argument) {
      if (isText(argument)) {
        return argument.text().matches("[^.\\s]+\\..*\\S");
      }
      return argument.isList()
          && argument.list().size() >= 2
          && argument.list().stream().allMatch(Shape::isValue);
    }

    static boolean isSub(Section argument) {
      return isList(argument, 2, 2)
          ? argument.list().get(0).isScalar() && argument.list().get(1).isMapping()
          : argument.isScalar() && !argument.isNull();
    }

    static boolean isJoin(Section argument) {
      return isList(argument, 2, 2)
          && argument.list().get(0).isScalar()
          && !argument.list().get(1).isScalar();
    }
  }

  static void check(Template template, List<Finding> findings) {
    template.resources().values().forEach(resource -> walk(resource.body(), 0, findings));
    for (String part : List.of("Conditions", "Outputs")) {
      template.root().get(part).ifPresent(section -> walk(section, 0, findings));
    }
  }

  private static void walk(Section section, int depth, List<Finding> findings) {
    if (depth > DEEPEST) {
      return;
    }
    if (section.isMapping()) {
      for (String key : section.keys()) {
        boolean alone = section.keys().size() == 1;
        if (key.startsWith("Fn::") || (alone && key.equals("Ref"))) {
          function(section, key, alone, findings);
        }
      }
      section.values().forEach(value -> walk(value, depth + 1, findings));
    } else if (section.isList()) {
      section.list().forEach(item -> walk(item, depth + 1, findings));
    }
  }

  private static void function(
      Section section, String name, boolean alone, List<Finding> findings) {
    Shape shape = SHAPES.get(name);
    if (shape == null) {
      nearest(name)
          .ifPresent(near ->
              findings.add(
                  Finding.error(
                      "template/intrinsic",
                      section.place(),
                      "there is no function " + name,
                      "did you mean " + near + "?")));
      return;
    }
    if (!alone) {
      findings.add(
          Finding.error(
              "template/intrinsic",
              section.place(),
              "%s stands beside other keys (%s), expected it alone"
                  .formatted(
                      name,
                      String.join(
                          ", ", section.keys().stream().filter(key -> !key.equals(name)).toList())),
              ""));
    }
    Optional<Section> argument = section.get(name);
    // Without a Region, Fn::GetAZs means the stack's own.
    boolean nothing = argument.isEmpty() && !name.equals("Fn::GetAZs");
    boolean wrong =
        argument.filter(found -> !isMacro(found) && !shape.fits().test(found)).isPresent();
    if (nothing || wrong) {
      findings.add(
          Finding.error(
              "template/intrinsic",
              section.place(),
              "%s has %s, expected %s"
                  .formatted(
                      name, argument.map(IntrinsicRule::found).orElse("nothing"), shape.words()),
              ""));
    }
  }

  /**
   * Functions of macros and modules are not known here; a slip of the pen is near to one that is.
   */
  private static Optional<String> nearest(String name) {
    return name.equals("Fn::Transform") || name.startsWith("Fn::ForEach")
        ? Optional.empty()
        : NearestName.nearest(name, SHAPES.keySet(), name.length() < 8 ? 1 : 2);
  }

  /** What a macro or a module puts here is known at deployment only. */
  private static boolean isMacro(Section argument) {
    return argument.isMapping()
        && argument.keys().size() == 1
        && argument.keys().stream().allMatch(key -> key.contains("::") && !SHAPES.containsKey(key));
  }

  private static String found(Section argument) {
    if (argument.isList()) {
      int size = argument.list().size();
      return "a list of %d item%s".formatted(size, size == 1 ? "" : "s");
    }
    return argument.isMapping() ? "a map" : "'" + argument.text() + "'";
  }
}
