package dev.troth.contracts.proof;

import static dev.troth.contracts.proof.Formula.FALSE;
import static dev.troth.contracts.proof.Formula.TRUE;
import static dev.troth.contracts.proof.Formula.absent;
import static dev.troth.contracts.proof.Formula.all;
import static dev.troth.contracts.proof.Formula.any;
import static dev.troth.contracts.proof.Formula.present;

import dev.troth.contracts.proof.Formula.Bound;
import dev.troth.contracts.proof.Formula.Count;
import dev.troth.contracts.proof.Formula.Distinct;
import dev.troth.contracts.proof.Formula.EachItem;
import dev.troth.contracts.proof.Formula.EachMember;
import dev.troth.contracts.proof.Formula.Equals;
import dev.troth.contracts.proof.Formula.Is;
import dev.troth.contracts.proof.Formula.Multiple;
import dev.troth.contracts.proof.Formula.Opaque;
import dev.troth.contracts.proof.Formula.Size;
import dev.troth.contracts.proof.Formula.SomeItem;
import dev.troth.contracts.proof.Formula.SomeMember;
import dev.troth.contracts.proof.Formula.Words;
import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a schema, or its negation, means for values of one type: its keywords as formulas. A keyword
 * of another type holds, and its negation does not.
 */
final class Unfolding {
  private final JsonType type;
  private final NameSets names;

  /**
   * The meaning for values of this type.
   *
   * @param type any but {@code INTEGER}, which is a demand on numbers
   */
  Unfolding(JsonType type, NameSets names) {
    this.type = type;
    this.names = names;
  }

  Formula of(Is is) {
    DynamicScope scope = is.scope().enter(is.schema().resource());
    List<Keyword> keywords = is.schema().keywords();
    boolean unevaluated =
        keywords.stream()
            .anyMatch(k ->
                (k instanceof Keyword.UnevaluatedProperties && type == JsonType.OBJECT)
                    || (k instanceof Keyword.UnevaluatedItems && type == JsonType.ARRAY));
    if (unevaluated) {
      return new Evaluation(this, names, type).of(is.schema(), scope, is.holds());
    }
    List<Formula> parts = new ArrayList<>();
    for (Keyword keyword : keywords) {
      parts.add(keyword(keyword, scope, is.holds()));
    }
    return is.holds() ? all(parts) : any(parts);
  }

  /** One keyword, or its negation. */
  Formula keyword(Keyword keyword, DynamicScope scope, boolean holds) {
    return switch (keyword) {
      case Keyword.Never _ -> holds ? FALSE : TRUE;
      case Keyword.Ref ref -> new Is(ref.link().target(), scope, holds);
      case Keyword.DynamicRef ref -> new Is(scope.resolve(ref), scope, holds);
      case Keyword.Type t -> type(t, holds);
      case Keyword.Enum choice -> {
        List<Formula> values = new ArrayList<>();
        choice.values().forEach(v -> values.add(new Equals(v, holds)));
        yield holds ? any(values) : all(values);
      }
      case Keyword.Const constant -> new Equals(constant.value(), holds);
      case Keyword.Minimum limit ->
          number(holds, new Bound(limit.limit(), !holds, limit.exclusive() == holds));
      case Keyword.Maximum limit ->
          number(holds, new Bound(limit.limit(), holds, limit.exclusive() == holds));
      case Keyword.MultipleOf multiple -> number(holds, new Multiple(multiple.divisor(), holds));
      case Keyword.AtLeast least ->
          sized(least.what(), holds, least.limit(), Size.UNLIMITED, 0, least.limit() - 1);
      case Keyword.AtMost most ->
          sized(most.what(), holds, 0, most.limit(), most.limit() + 1, Size.UNLIMITED);
      case Keyword.Pattern pattern ->
          only(
              JsonType.STRING,
              holds,
              names
                  .found(pattern.regex())
                  .map(l -> (Formula) new Words(holds ? l : l.not()))
                  .orElseGet(() -> new Opaque(pattern.regex().source(), holds)));
      case Keyword.FormatOf format ->
          only(JsonType.STRING, holds, names.format(format.format(), holds));
      case Keyword.Items items -> only(JsonType.ARRAY, holds, items(items, scope, holds));
      case Keyword.UniqueItems _ -> only(JsonType.ARRAY, holds, new Distinct(holds));
      case Keyword.Contains contains ->
          only(JsonType.ARRAY, holds, contains(contains, scope, holds));
      case Keyword.Required required ->
          only(JsonType.OBJECT, holds, required(required.names(), holds));
      case Keyword.Properties properties ->
          only(JsonType.OBJECT, holds, properties(properties, scope, holds));
      case Keyword.PropertyNames rule ->
          only(JsonType.OBJECT, holds, propertyNames(rule, scope, holds));
      case Keyword.DependentRequired dependent ->
          only(JsonType.OBJECT, holds, dependentRequired(dependent.names(), holds));
      case Keyword.DependentSchemas dependent ->
          only(JsonType.OBJECT, holds, dependentSchemas(dependent.schemas(), scope, holds));
      case Keyword.AllOf branches -> {
        List<Formula> parts = each(branches.schemas(), scope, holds);
        yield holds ? all(parts) : any(parts);
      }
      case Keyword.AnyOf branches -> {
        List<Formula> parts = each(branches.schemas(), scope, holds);
        yield holds ? any(parts) : all(parts);
      }
      case Keyword.OneOf branches -> oneOf(branches.schemas(), scope, holds);
      case Keyword.Not not -> new Is(not.schema(), scope, !holds);
      case Keyword.Conditional conditional -> conditional(conditional, scope, holds);
      case Keyword.UnevaluatedProperties _, Keyword.UnevaluatedItems _ ->
          // Of another type: Evaluation has taken the others.
          holds ? TRUE : FALSE;
    };
  }

  private Formula only(JsonType of, boolean holds, Formula formula) {
    return type == of ? formula : holds ? TRUE : FALSE;
  }

  private Formula number(boolean holds, Formula formula) {
    return only(JsonType.NUMBER, holds, formula);
  }

  private Formula type(Keyword.Type t, boolean holds) {
    if (t.types().contains(type)) {
      return holds ? TRUE : FALSE;
    }
    if (type != JsonType.NUMBER || !t.types().contains(JsonType.INTEGER)) {
      return holds ? FALSE : TRUE;
    }
    Formula whole = new Multiple(BigDecimal.ONE, holds);
    // Draft 4 tells 1.0 from 1, which no demand on the value can: whole is needed, not enough.
    return t.wholeFloats()
        ? whole
        : holds
            ? all(whole, new Opaque("integer", true))
            : any(whole, new Opaque("integer", false));
  }

  private Formula sized(
      Keyword.Countable what, boolean holds, int min, int max, int notMin, int notMax) {
    JsonType of =
        switch (what) {
          case CHARACTERS -> JsonType.STRING;
          case ITEMS -> JsonType.ARRAY;
          case PROPERTIES -> JsonType.OBJECT;
        };
    Formula size =
        holds
            ? new Size(min, max)
            : notMin < 0 || notMax < notMin ? FALSE : new Size(notMin, notMax);
    return only(of, holds, size);
  }

  private static List<Formula> each(List<Schema> schemas, DynamicScope scope, boolean holds) {
    List<Formula> parts = new ArrayList<>();
    schemas.forEach(schema -> parts.add(new Is(schema, scope, holds)));
    return parts;
  }

  private static Formula items(Keyword.Items items, DynamicScope scope, boolean holds) {
    List<Formula> parts = new ArrayList<>();
    for (int i = 0; i < items.prefix().size(); i++) {
      Is item = new Is(items.prefix().get(i), scope, holds);
      parts.add(holds ? new EachItem(i, i + 1, item) : new SomeItem(i, i + 1, item));
    }
    int from = items.prefix().size();
    items
        .rest()
        .ifPresent(rest -> {
          Is item = new Is(rest, scope, holds);
          parts.add(
              holds
                  ? new EachItem(from, Size.UNLIMITED, item)
                  : new SomeItem(from, Size.UNLIMITED, item));
        });
    return holds ? all(parts) : any(parts);
  }

  private static Formula contains(Keyword.Contains contains, DynamicScope scope, boolean holds) {
    Is item = new Is(contains.schema(), scope, true);
    if (holds) {
      return new Count(item, contains.min(), contains.max());
    }
    Formula fewer = contains.min() > 0 ? new Count(item, 0, contains.min() - 1) : FALSE;
    Formula more =
        contains.max() < Size.UNLIMITED
            ? new Count(item, contains.max() + 1, Size.UNLIMITED)
            : FALSE;
    return any(fewer, more);
  }

  private static Formula required(List<String> required, boolean holds) {
    List<Formula> parts = new ArrayList<>();
    required.forEach(name -> parts.add(holds ? present(name) : absent(name)));
    return holds ? all(parts) : any(parts);
  }

  private Formula properties(Keyword.Properties properties, DynamicScope scope, boolean holds) {
    List<Formula> parts = new ArrayList<>();
    properties
        .named()
        .forEach(
            (name, schema) -> parts.add(member(Language.of(name), new Is(schema, scope, holds))));
    for (Keyword.PatternProperty pattern : properties.patterns()) {
      Optional<Language> language = names.found(pattern.regex());
      parts.add(
          language
              .map(l -> member(l, new Is(pattern.schema(), scope, holds)))
              .orElseGet(() -> new Opaque(pattern, holds)));
    }
    properties
        .additional()
        .ifPresent(rest ->
            parts.add(
                names
                    .declared(properties)
                    .map(l -> member(l.not(), new Is(rest, scope, holds)))
                    .orElseGet(() -> new Opaque(properties, holds))));
    return holds ? all(parts) : any(parts);
  }

  /** Every member of these names, or for a negated demand some member. */
  static Formula member(Language names, Is value) {
    if (value.schema().keywords().isEmpty()) {
      return value.holds() ? TRUE : FALSE;
    }
    return value.holds() ? new EachMember(names, value) : new SomeMember(names, value);
  }

  private Formula propertyNames(Keyword.PropertyNames rule, DynamicScope scope, boolean holds) {
    return names
        .valid(new Is(rule.schema(), scope, true))
        .map(l -> holds ? (Formula) new EachMember(l.not(), FALSE) : new SomeMember(l.not(), TRUE))
        .orElseGet(() -> new Opaque(rule.schema(), holds));
  }

  private static Formula dependentRequired(Map<String, List<String>> dependent, boolean holds) {
    List<Formula> parts = new ArrayList<>();
    dependent.forEach((name, others) ->
        parts.add(
            holds
                ? any(absent(name), required(others, true))
                : all(present(name), required(others, false))));
    return holds ? all(parts) : any(parts);
  }

  private static Formula dependentSchemas(
      Map<String, Schema> dependent, DynamicScope scope, boolean holds) {
    List<Formula> parts = new ArrayList<>();
    dependent.forEach((name, schema) -> {
      Is is = new Is(schema, scope, holds);
      parts.add(holds ? any(absent(name), is) : all(present(name), is));
    });
    return holds ? all(parts) : any(parts);
  }

  private static Formula oneOf(List<Schema> schemas, DynamicScope scope, boolean holds) {
    List<Formula> choices = new ArrayList<>();
    if (holds) {
      for (Schema chosen : schemas) {
        List<Formula> parts = new ArrayList<>();
        schemas.forEach(schema -> parts.add(new Is(schema, scope, schema == chosen)));
        choices.add(all(parts));
      }
      return any(choices);
    }
    choices.add(all(each(schemas, scope, false)));
    for (int i = 0; i < schemas.size(); i++) {
      for (int j = i + 1; j < schemas.size(); j++) {
        choices.add(all(new Is(schemas.get(i), scope, true), new Is(schemas.get(j), scope, true)));
      }
    }
    return any(choices);
  }

  private static Formula conditional(
      Keyword.Conditional conditional, DynamicScope scope, boolean holds) {
    Is test = new Is(conditional.test(), scope, true);
    Formula then = branch(conditional.then(), scope, holds);
    Formula otherwise = branch(conditional.otherwise(), scope, holds);
    return any(all(test, then), all(test.negated(), otherwise));
  }

  private static Formula branch(Optional<Schema> schema, DynamicScope scope, boolean holds) {
    return schema.map(s -> (Formula) new Is(s, scope, holds)).orElse(holds ? TRUE : FALSE);
  }

  /** Equality with a constant, for values of this type. */
  Formula of(Equals equals) {
    boolean holds = equals.holds();
    return switch (equals.value()) {
      case Json.Null _ -> only(JsonType.NULL, !holds, holds ? TRUE : FALSE);
      case Json.Bool _ -> scalar(JsonType.BOOLEAN, equals);
      case Json.Num _ -> scalar(JsonType.NUMBER, equals);
      case Json.Str _ -> scalar(JsonType.STRING, equals);
      case Json.Arr array -> only(JsonType.ARRAY, !holds, array(array.items(), holds));
      case Json.Obj object -> only(JsonType.OBJECT, !holds, object(object.members(), holds));
    };
  }

  private Formula scalar(JsonType of, Equals equals) {
    return only(of, !equals.holds(), equals);
  }

  private static Formula array(List<Json> items, boolean holds) {
    int n = items.size();
    List<Formula> parts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Equals item = new Equals(items.get(i), holds);
      parts.add(holds ? new EachItem(i, i + 1, item) : new SomeItem(i, i + 1, item));
    }
    if (holds) {
      parts.add(new Size(n, n));
      return all(parts);
    }
    parts.add(n == 0 ? FALSE : new Size(0, n - 1));
    parts.add(new Size(n + 1, Size.UNLIMITED));
    return any(parts);
  }

  private static Formula object(Map<String, Json> members, boolean holds) {
    List<Formula> parts = new ArrayList<>();
    members.forEach((name, value) -> {
      Language named = Language.of(name);
      Equals equal = new Equals(value, holds);
      if (holds) {
        parts.add(new EachMember(named, equal));
        parts.add(present(name));
      } else {
        parts.add(absent(name));
        parts.add(new SomeMember(named, equal));
      }
    });
    Language others = Language.of(members.keySet()).not();
    parts.add(holds ? new EachMember(others, FALSE) : new SomeMember(others, TRUE));
    return holds ? all(parts) : any(parts);
  }
}
