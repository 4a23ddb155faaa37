package dev.troth.contracts.validate;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Walks a schema beside a value and names everything wrong: {@code new
 * Interpreter(schema).violations(value)}. Slower than the compiled validator, which it always
 * agrees with; it runs after a compiled "no". Safe for use by many threads.
 */
public final class Interpreter {
  /** The most violations that are reported of one document. */
  public static final int MOST = 100;

  private final Schema schema;

  public Interpreter(Schema schema) {
    this.schema = schema;
  }

  /** Everything wrong with the value, at most {@value #MOST}; empty: the value is valid. */
  public List<Violation> violations(Json value) {
    Report report = new Report();
    try {
      check(schema, value, "", DynamicScope.EMPTY, new Evaluated(), report);
    } catch (StackOverflowError e) {
      report.add(() -> tooDeep(schema));
    }
    return report.violations();
  }

  public boolean isValid(Json value) {
    try {
      return check(schema, value, "", DynamicScope.EMPTY, new Evaluated(), Report.NONE);
    } catch (StackOverflowError e) {
      return false;
    }
  }

  /** A schema may apply hundreds of schemas at each level; the stack is the limit. */
  private static Violation tooDeep(Schema schema) {
    return new Violation(
        "",
        "nesting",
        schema.place().toString(),
        "fewer levels of values times schemas",
        "more than the stack of this thread can hold",
        List.of());
  }

  /** Whether the value is valid; goes on after a failure only if there is a report to fill. */
  private boolean check(
      Schema schema,
      Json value,
      String at,
      DynamicScope outer,
      Evaluated evaluated,
      Report report) {
    DynamicScope scope = outer.enter(schema.resource());
    // What a schema evaluates counts only if it holds, and unevaluated* see their own schema only.
    Evaluated own = new Evaluated();
    boolean valid = true;
    for (Keyword keyword : schema.keywords()) {
      if (!keyword(new Step(schema, keyword, value, at, scope, own, report))) {
        valid = false;
        if (report.isFull()) {
          break;
        }
      }
    }
    if (valid) {
      evaluated.add(own);
    }
    return valid;
  }

  /** One keyword of one schema at one value. */
  private record Step(
      Schema schema,
      Keyword keyword,
      Json value,
      String at,
      DynamicScope scope,
      Evaluated evaluated,
      Report report) {
    boolean fail(String expected) {
      return fail(expected, Report.shown(value), List.of());
    }

    boolean fail(String expected, String found, List<Violation> causes) {
      report.add(() ->
          new Violation(at, keyword.keyword(), schema.place().toString(), expected, found, causes));
      return false;
    }

    boolean holds(boolean condition, Supplier<String> expected) {
      return condition || fail(report == Report.NONE ? "" : expected.get());
    }
  }

  private boolean keyword(Step step) {
    Json value = step.value();
    return switch (step.keyword()) {
      case Keyword.Never _ -> step.fail("no value here");
      case Keyword.Ref ref -> inPlace(step, ref.link().target(), step.evaluated(), step.report());
      case Keyword.DynamicRef ref ->
          inPlace(step, step.scope().resolve(ref), step.evaluated(), step.report());
      case Keyword.Type type -> step.holds(Types.match(type, value), () -> Types.describe(type));
      case Keyword.Enum choice ->
          step.holds(
              choice.values().contains(value), () -> "one of " + Report.shown(choice.values()));
      case Keyword.Const constant ->
          step.holds(constant.value().equals(value), () -> Report.shown(constant.value()));
      case Keyword.Minimum _, Keyword.Maximum _, Keyword.MultipleOf _ ->
          !(value instanceof Json.Num number) || Numbers.check(step.keyword(), number, step::fail);
      case Keyword.AtLeast least ->
          Counts.of(least.what(), value) >= least.limit()
              || Counts.of(least.what(), value) < 0
              || step.fail(Counts.describe("at least", least.limit(), least.what()));
      case Keyword.AtMost most ->
          Counts.of(most.what(), value) <= most.limit()
              || step.fail(Counts.describe("at most", most.limit(), most.what()));
      case Keyword.Pattern pattern ->
          !(value instanceof Json.Str text)
              || step.holds(
                  pattern.regex().find(text.value()),
                  () -> "text that matches " + pattern.regex().source());
      case Keyword.FormatOf format ->
          !(value instanceof Json.Str text)
              || step.holds(format.format().test(text.value()), () -> format.format().describe());
      case Keyword.Items items -> !(value instanceof Json.Arr array) || items(step, items, array);
      case Keyword.UniqueItems _ -> !(value instanceof Json.Arr array) || unique(step, array);
      case Keyword.Contains contains ->
          !(value instanceof Json.Arr array) || contains(step, contains, array);
      case Keyword.Required required ->
          !(value instanceof Json.Obj object) || required(step, required.names(), object, "");
      case Keyword.DependentRequired dependent ->
          !(value instanceof Json.Obj object) || dependentRequired(step, dependent, object);
      case Keyword.DependentSchemas dependent ->
          !(value instanceof Json.Obj object) || dependentSchemas(step, dependent, object);
      case Keyword.Properties properties ->
          !(value instanceof Json.Obj object) || properties(step, properties, object);
      case Keyword.PropertyNames names ->
          !(value instanceof Json.Obj object) || propertyNames(step, names, object);
      case Keyword.UnevaluatedProperties unevaluated ->
          !(value instanceof Json.Obj object) || unevaluated(step, unevaluated.schema(), object);
      case Keyword.UnevaluatedItems unevaluated ->
          !(value instanceof Json.Arr array) || unevaluated(step, unevaluated.schema(), array);
      case Keyword.AllOf all -> {
        boolean valid = true;
        for (Schema branch : all.schemas()) {
          valid &= inPlace(step, branch, step.evaluated(), step.report());
        }
        yield valid;
      }
      case Keyword.AnyOf any -> branches(step, any.schemas(), Integer.MAX_VALUE);
      case Keyword.OneOf one -> branches(step, one.schemas(), 1);
      case Keyword.Not not ->
          !inPlace(step, not.schema(), new Evaluated(), Report.NONE)
              || step.fail("a value that the schema under not refuses");
      case Keyword.Conditional conditional -> conditional(step, conditional);
    };
  }

  private boolean inPlace(Step step, Schema schema, Evaluated evaluated, Report report) {
    return check(schema, step.value(), step.at(), step.scope(), evaluated, report);
  }

  private boolean below(Step step, Schema schema, Json value, String at) {
    return check(schema, value, at, step.scope(), new Evaluated(), step.report());
  }

  private boolean branches(Step step, List<Schema> branches, int most) {
    int held = 0;
    Evaluated evaluated = new Evaluated();
    List<Violation> nearest = List.of();
    for (Schema branch : branches) {
      Report report = step.report().branch();
      if (inPlace(step, branch, evaluated, report)) {
        held++;
      } else if (nearest.isEmpty() || Report.depth(report.violations()) > Report.depth(nearest)) {
        nearest = report.violations();
      }
    }
    if (held >= 1 && held <= most) {
      step.evaluated().add(evaluated);
      return true;
    }
    return step.fail(
        most == 1
            ? "exactly one of %d schemas to hold".formatted(branches.size())
            : "one of %d schemas to hold".formatted(branches.size()),
        held == 0 ? Report.shown(step.value()) : "%d that hold".formatted(held),
        held == 0 ? nearest : List.of());
  }

  private boolean conditional(Step step, Keyword.Conditional conditional) {
    boolean test = inPlace(step, conditional.test(), step.evaluated(), Report.NONE);
    return (test ? conditional.then() : conditional.otherwise())
        .map(branch -> inPlace(step, branch, step.evaluated(), step.report()))
        .orElse(true);
  }

  private boolean items(Step step, Keyword.Items items, Json.Arr array) {
    boolean valid = true;
    int prefix = items.prefix().size();
    int checked =
        items.rest().isPresent() ? array.items().size() : Math.min(prefix, array.items().size());
    for (int i = 0; i < checked; i++) {
      Schema schema = i < prefix ? items.prefix().get(i) : items.rest().orElseThrow();
      valid &= below(step, schema, array.items().get(i), JsonPointer.child(step.at(), i));
      if (!valid && step.report().isFull()) {
        return false;
      }
    }
    step.evaluated().items(0, checked);
    return valid;
  }

  private boolean unique(Step step, Json.Arr array) {
    return Uniqueness.repeated(array.items())
        .map(item -> step.fail("items that all differ", Report.shown(item) + " twice", List.of()))
        .orElse(true);
  }

  private boolean contains(Step step, Keyword.Contains contains, Json.Arr array) {
    int count = 0;
    for (int i = 0; i < array.items().size(); i++) {
      if (check(
          contains.schema(),
          array.items().get(i),
          "",
          step.scope(),
          new Evaluated(),
          Report.NONE)) {
        count++;
        if (contains.evaluates()) {
          step.evaluated().item(i);
        }
      }
    }
    if (count >= contains.min() && count <= contains.max()) {
      return true;
    }
    return step.fail(
        contains.max() == Integer.MAX_VALUE
            ? "at least %d items that the schema under contains accepts".formatted(contains.min())
            : "%d to %d items that the schema under contains accepts"
                .formatted(contains.min(), contains.max()),
        String.valueOf(count),
        List.of());
  }

  private boolean required(Step step, List<String> names, Json.Obj object, String why) {
    boolean valid = true;
    for (String name : names) {
      if (!object.members().containsKey(name)) {
        valid =
            step.fail(
                "the member " + Report.shown(new Json.Str(name)) + why,
                "none of that name",
                List.of());
      }
    }
    return valid;
  }

  private boolean dependentRequired(
      Step step, Keyword.DependentRequired dependent, Json.Obj object) {
    boolean valid = true;
    for (Map.Entry<String, List<String>> entry : dependent.names().entrySet()) {
      if (object.members().containsKey(entry.getKey())) {
        valid &= required(step, entry.getValue(), object, " beside \"" + entry.getKey() + "\"");
      }
    }
    return valid;
  }

  private boolean dependentSchemas(Step step, Keyword.DependentSchemas dependent, Json.Obj object) {
    boolean valid = true;
    for (Map.Entry<String, Schema> entry : dependent.schemas().entrySet()) {
      if (object.members().containsKey(entry.getKey())) {
        valid &= inPlace(step, entry.getValue(), step.evaluated(), step.report());
      }
    }
    return valid;
  }

  private boolean properties(Step step, Keyword.Properties properties, Json.Obj object) {
    boolean valid = true;
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      String name = member.getKey();
      List<Schema> schemas = new ArrayList<>();
      if (properties.named().containsKey(name)) {
        schemas.add(properties.named().get(name));
      }
      for (Keyword.PatternProperty pattern : properties.patterns()) {
        if (pattern.regex().find(name)) {
          schemas.add(pattern.schema());
        }
      }
      if (schemas.isEmpty()) {
        properties.additional().ifPresent(schemas::add);
      }
      for (Schema schema : schemas) {
        step.evaluated().member(name);
        boolean forbidden =
            schema == properties.additional().orElse(null)
                && schema.keyword(Keyword.Never.class).isPresent();
        valid &=
            forbidden
                ? forbidden(step, name)
                : below(step, schema, member.getValue(), JsonPointer.child(step.at(), name));
      }
      if (!valid && step.report().isFull()) {
        return false;
      }
    }
    return valid;
  }

  /** {@code additionalProperties: false}, said in the words of the schema that says it. */
  private static boolean forbidden(Step step, String name) {
    step.report()
        .add(() ->
            new Violation(
                JsonPointer.child(step.at(), name),
                "additionalProperties",
                step.schema().place().toString(),
                "no member but those that the schema declares",
                "the member " + Report.shown(new Json.Str(name)),
                List.of()));
    return false;
  }

  private boolean propertyNames(Step step, Keyword.PropertyNames names, Json.Obj object) {
    boolean valid = true;
    for (String name : object.members().keySet()) {
      valid &= below(step, names.schema(), new Json.Str(name), JsonPointer.child(step.at(), name));
    }
    return valid;
  }

  private boolean unevaluated(Step step, Schema schema, Json.Obj object) {
    boolean valid = true;
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      if (!step.evaluated().has(member.getKey())) {
        step.evaluated().member(member.getKey());
        String at = JsonPointer.child(step.at(), member.getKey());
        valid &= below(step, schema, member.getValue(), at);
      }
    }
    return valid;
  }

  private boolean unevaluated(Step step, Schema schema, Json.Arr array) {
    boolean valid = true;
    for (int i = 0; i < array.items().size(); i++) {
      if (!step.evaluated().has(i)) {
        step.evaluated().item(i);
        valid &= below(step, schema, array.items().get(i), JsonPointer.child(step.at(), i));
      }
    }
    return valid;
  }
}
