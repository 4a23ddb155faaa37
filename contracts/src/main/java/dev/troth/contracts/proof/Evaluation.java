package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.EachItem;
import dev.troth.contracts.proof.Formula.EachMember;
import dev.troth.contracts.proof.Formula.Is;
import dev.troth.contracts.proof.Formula.Opaque;
import dev.troth.contracts.proof.Formula.Size;
import dev.troth.contracts.proof.Formula.SomeItem;
import dev.troth.contracts.proof.Formula.SomeMember;
import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code unevaluatedProperties} and {@code unevaluatedItems} mean. Which members or items
 * count as evaluated depends on which of the schemas beside them hold; so all cases of those are
 * told apart, and in each it is fixed what is left.
 */
final class Evaluation {
  private static final int MOST_CASES = 512;

  private final Unfolding unfolding;
  private final NameSets names;
  private final JsonType type;

  Evaluation(Unfolding unfolding, NameSets names, JsonType type) {
    this.unfolding = unfolding;
    this.names = names;
    this.type = type;
  }

  /**
   * One way for the other keywords to hold.
   *
   * @param conditions under which it is this way
   * @param members names that are evaluated then
   * @param items leading positions that are evaluated then
   * @param like items like these are evaluated too, wherever they stand
   */
  private record Case(List<Formula> conditions, Language members, int items, List<Is> like) {
    static final Case EMPTY = new Case(List.of(), Language.NONE, 0, List.of());

    Case and(Case other) {
      List<Formula> all = new ArrayList<>(conditions);
      all.addAll(other.conditions);
      List<Is> likes = new ArrayList<>(like);
      likes.addAll(other.like);
      return new Case(all, members.or(other.members), Math.max(items, other.items), likes);
    }

    Case when(Formula condition) {
      return and(new Case(List.of(condition), Language.NONE, 0, List.of()));
    }
  }

  /** The cases cannot be told apart. */
  private static final class Untold extends RuntimeException {
    private static final long serialVersionUID = 1;

    Untold() {
      super("", null, false, false);
    }
  }

  /** The meaning of a schema that has such a keyword, or of its negation; the scope is its own. */
  Formula of(Schema schema, DynamicScope scope, boolean holds) {
    Schema rest = rest(schema);
    List<Keyword> others = schema.keywords().stream().filter(k -> !isUnevaluated(k)).toList();
    List<Case> cases;
    try {
      cases = keywords(others, scope);
    } catch (Untold | Language.TooLarge e) {
      return new Opaque(schema, holds);
    }
    List<Formula> choices = new ArrayList<>();
    if (!holds) {
      others.forEach(keyword -> choices.add(unfolding.keyword(keyword, scope, false)));
    }
    for (Case one : cases) {
      List<Formula> parts = new ArrayList<>(one.conditions());
      parts.add(left(one, new Is(rest, scope, holds)));
      choices.add(Formula.all(parts));
    }
    return Formula.any(choices);
  }

  private boolean isUnevaluated(Keyword keyword) {
    return type == JsonType.OBJECT
        ? keyword instanceof Keyword.UnevaluatedProperties
        : keyword instanceof Keyword.UnevaluatedItems;
  }

  private Schema rest(Schema schema) {
    return type == JsonType.OBJECT
        ? schema.keyword(Keyword.UnevaluatedProperties.class).orElseThrow().schema()
        : schema.keyword(Keyword.UnevaluatedItems.class).orElseThrow().schema();
  }

  /** What is not evaluated in one case is like this; or, for a negation, some of it is. */
  private Formula left(Case one, Is rest) {
    if (type == JsonType.OBJECT) {
      Language others = one.members().not();
      return rest.holds() ? new EachMember(others, rest) : new SomeMember(others, rest);
    }
    if (one.items() == Size.UNLIMITED) {
      return rest.holds() ? Formula.TRUE : Formula.FALSE;
    }
    List<Formula> item = new ArrayList<>(List.of(rest));
    one.like().forEach(is -> item.add(rest.holds() ? is : is.negated()));
    return rest.holds()
        ? new EachItem(one.items(), Size.UNLIMITED, Formula.any(item))
        : new SomeItem(one.items(), Size.UNLIMITED, Formula.all(item));
  }

  /** All ways for a schema to hold. */
  private List<Case> schema(Schema schema, DynamicScope outer) {
    return keywords(schema.keywords(), outer.enter(schema.resource()));
  }

  private List<Case> keywords(List<Keyword> keywords, DynamicScope scope) {
    List<Case> cases = List.of(Case.EMPTY);
    for (Keyword keyword : keywords) {
      cases = product(cases, keyword(keyword, scope));
    }
    return cases;
  }

  private static List<Case> product(List<Case> left, List<Case> right) {
    if (left.size() * right.size() > MOST_CASES) {
      throw new Untold();
    }
    List<Case> all = new ArrayList<>();
    for (Case a : left) {
      for (Case b : right) {
        all.add(a.and(b));
      }
    }
    return all;
  }

  private List<Case> keyword(Keyword keyword, DynamicScope scope) {
    Case plain = Case.EMPTY.when(unfolding.keyword(keyword, scope, true));
    return switch (keyword) {
      case Keyword.Ref ref -> schema(ref.link().target(), scope);
      case Keyword.DynamicRef ref -> schema(scope.resolve(ref), scope);
      case Keyword.AllOf all -> {
        List<Case> cases = List.of(Case.EMPTY);
        for (Schema branch : all.schemas()) {
          cases = product(cases, schema(branch, scope));
        }
        yield cases;
      }
      case Keyword.AnyOf any -> branches(any.schemas(), scope, false);
      case Keyword.OneOf one -> branches(one.schemas(), scope, true);
      case Keyword.Conditional conditional -> conditional(conditional, scope);
      case Keyword.DependentSchemas dependent -> {
        List<Case> cases = List.of(Case.EMPTY);
        for (var entry : dependent.schemas().entrySet()) {
          List<Case> either = new ArrayList<>();
          either.add(Case.EMPTY.when(absent(entry.getKey())));
          for (Case there : schema(entry.getValue(), scope)) {
            either.add(there.when(present(entry.getKey())));
          }
          cases = product(cases, either);
        }
        yield cases;
      }
      case Keyword.Properties properties ->
          List.of(
              plain.and(
                  new Case(
                      List.of(),
                      properties.additional().isPresent() ? Language.ALL : declared(properties),
                      0,
                      List.of())));
      case Keyword.UnevaluatedProperties _ ->
          List.of(nested(scope, keyword).and(new Case(List.of(), Language.ALL, 0, List.of())));
      case Keyword.Items items ->
          List.of(
              plain.and(
                  new Case(
                      List.of(),
                      Language.NONE,
                      items.rest().isPresent() ? Size.UNLIMITED : items.prefix().size(),
                      List.of())));
      case Keyword.UnevaluatedItems _ ->
          List.of(
              nested(scope, keyword)
                  .and(new Case(List.of(), Language.NONE, Size.UNLIMITED, List.of())));
      case Keyword.Contains contains ->
          List.of(
              contains.evaluates()
                  ? plain.and(
                      new Case(
                          List.of(),
                          Language.NONE,
                          0,
                          List.of(new Is(contains.schema(), scope, true))))
                  : plain);
      case Keyword.Never _,
          Keyword.Type _,
          Keyword.Enum _,
          Keyword.Const _,
          Keyword.Minimum _,
          Keyword.Maximum _,
          Keyword.MultipleOf _,
          Keyword.AtLeast _,
          Keyword.AtMost _,
          Keyword.Pattern _,
          Keyword.FormatOf _,
          Keyword.UniqueItems _,
          Keyword.Required _,
          Keyword.PropertyNames _,
          Keyword.DependentRequired _,
          Keyword.Not _ ->
          List.of(plain);
    };
  }

  /** A nested one of the other type says nothing here; one of this type is not told apart. */
  private Case nested(DynamicScope scope, Keyword keyword) {
    if (isUnevaluated(keyword)) {
      return Case.EMPTY.when(new Opaque(keyword, true));
    }
    return Case.EMPTY.when(unfolding.keyword(keyword, scope, true));
  }

  private Formula present(String name) {
    return type == JsonType.OBJECT ? Formula.present(name) : Formula.FALSE;
  }

  private Formula absent(String name) {
    return type == JsonType.OBJECT ? Formula.absent(name) : Formula.TRUE;
  }

  private Language declared(Keyword.Properties properties) {
    return names.declared(properties).orElseThrow(Untold::new);
  }

  private List<Case> branches(List<Schema> schemas, DynamicScope scope, boolean one) {
    List<Case> none = List.of(Case.EMPTY);
    List<Case> some = new ArrayList<>();
    for (Schema schema : schemas) {
      List<Case> holds = schema(schema, scope);
      List<Case> fails = List.of(Case.EMPTY.when(new Is(schema, scope, false)));
      List<Case> next = new ArrayList<>(product(some, fails));
      if (!one) {
        next.addAll(product(some, holds));
      }
      next.addAll(product(none, holds));
      none = product(none, fails);
      some = next;
    }
    return some;
  }

  private List<Case> conditional(Keyword.Conditional conditional, DynamicScope scope) {
    List<Case> all =
        new ArrayList<>(
            product(schema(conditional.test(), scope), optional(conditional.then(), scope)));
    all.addAll(
        product(
            List.of(Case.EMPTY.when(new Is(conditional.test(), scope, false))),
            optional(conditional.otherwise(), scope)));
    return all;
  }

  private List<Case> optional(Optional<Schema> schema, DynamicScope scope) {
    return schema.map(s -> schema(s, scope)).orElse(List.of(Case.EMPTY));
  }
}
