package dev.troth.contracts.schema;

import java.util.ArrayList;
import java.util.List;

/** Which schemas a keyword applies: to the same value, or to parts of it. */
public final class Edges {
  private Edges() {}

  /** Schemas applied to the value itself. */
  public static List<Schema> inPlace(Keyword keyword, DynamicScope scope) {
    return switch (keyword) {
      case Keyword.Ref ref -> List.of(ref.link().target());
      case Keyword.DynamicRef ref -> List.of(scope.resolve(ref));
      case Keyword.AllOf all -> all.schemas();
      case Keyword.AnyOf any -> any.schemas();
      case Keyword.OneOf one -> one.schemas();
      case Keyword.Not not -> List.of(not.schema());
      case Keyword.DependentSchemas dependent -> List.copyOf(dependent.schemas().values());
      case Keyword.Conditional conditional -> {
        List<Schema> schemas = new ArrayList<>(List.of(conditional.test()));
        conditional.then().ifPresent(schemas::add);
        conditional.otherwise().ifPresent(schemas::add);
        yield schemas;
      }
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
          Keyword.Items _,
          Keyword.UniqueItems _,
          Keyword.Contains _,
          Keyword.Required _,
          Keyword.Properties _,
          Keyword.PropertyNames _,
          Keyword.DependentRequired _,
          Keyword.UnevaluatedProperties _,
          Keyword.UnevaluatedItems _ ->
          List.of();
    };
  }

  /** Schemas applied to members, items or member names. */
  public static List<Schema> below(Keyword keyword) {
    return switch (keyword) {
      case Keyword.Items items -> {
        List<Schema> schemas = new ArrayList<>(items.prefix());
        items.rest().ifPresent(schemas::add);
        yield schemas;
      }
      case Keyword.Contains contains -> List.of(contains.schema());
      case Keyword.Properties properties -> {
        List<Schema> schemas = new ArrayList<>(properties.named().values());
        properties.patterns().forEach(pattern -> schemas.add(pattern.schema()));
        properties.additional().ifPresent(schemas::add);
        yield schemas;
      }
      case Keyword.PropertyNames names -> List.of(names.schema());
      case Keyword.UnevaluatedProperties unevaluated -> List.of(unevaluated.schema());
      case Keyword.UnevaluatedItems unevaluated -> List.of(unevaluated.schema());
      case Keyword.Never _,
          Keyword.Ref _,
          Keyword.DynamicRef _,
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
          Keyword.DependentRequired _,
          Keyword.DependentSchemas _,
          Keyword.AllOf _,
          Keyword.AnyOf _,
          Keyword.OneOf _,
          Keyword.Not _,
          Keyword.Conditional _ ->
          List.of();
    };
  }

  /** All schemas that a keyword applies. */
  public static List<Schema> of(Keyword keyword, DynamicScope scope) {
    List<Schema> schemas = new ArrayList<>(inPlace(keyword, scope));
    schemas.addAll(below(keyword));
    return schemas;
  }
}
