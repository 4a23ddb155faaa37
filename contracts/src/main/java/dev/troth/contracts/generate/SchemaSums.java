package dev.troth.contracts.generate;

import dev.troth.contracts.schema.JsonType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes one case of each JSON type out of the branches of a union. */
final class SchemaSums {
  private SchemaSums() {}

  /**
   * The cases of a sum.
   *
   * @param exact whether nothing beyond the cases' own types needs to be checked
   */
  record Cases(List<Declaration.Case> cases, boolean exact) {}

  /**
   * Brings branches together that a value's JSON type does not tell apart; none if a branch has no
   * JSON type of its own, or if objects are not types of their own.
   */
  static Optional<Cases> of(
      List<Type> branches, Map<String, Declaration> declarations, boolean one) {
    Map<JsonType, List<Type>> byKind = new EnumMap<>(JsonType.class);
    for (Type branch : branches) {
      Optional<JsonType> kind = kind(branch, declarations);
      if (kind.isEmpty()) {
        return Optional.empty();
      }
      byKind.computeIfAbsent(kind.get(), _ -> new ArrayList<>()).add(branch);
    }
    List<Type> whole = byKind.remove(JsonType.INTEGER);
    if (whole != null) {
      if (byKind.containsKey(JsonType.NUMBER)) {
        byKind.get(JsonType.NUMBER).addAll(whole);
      } else {
        byKind.put(JsonType.INTEGER, whole);
      }
    }
    List<Declaration.Case> cases = new ArrayList<>();
    boolean exact = true;
    for (Map.Entry<JsonType, List<Type>> entry : byKind.entrySet()) {
      JsonType kind = entry.getKey();
      List<Type> same = entry.getValue().stream().distinct().toList();
      exact &= entry.getValue().size() == 1 || (kind == JsonType.OBJECT && !one);
      if (same.size() == 1) {
        cases.add(new Declaration.Case(kind, same.getFirst()));
        continue;
      }
      switch (kind) {
        case STRING ->
            cases.add(new Declaration.Case(kind, new Type.Text(List.of(), Optional.empty())));
        case NUMBER -> cases.add(new Declaration.Case(kind, new Type.Decimal(List.of())));
        case INTEGER -> cases.add(new Declaration.Case(kind, new Type.Whole(List.of(), false)));
        case OBJECT -> {
          if (!same.stream().allMatch(type -> isStruct(type, declarations))) {
            return Optional.empty();
          }
          same.forEach(type -> cases.add(new Declaration.Case(kind, type)));
        }
        case BOOLEAN, ARRAY, NULL -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Cases(cases, exact));
  }

  private static boolean isStruct(Type type, Map<String, Declaration> declarations) {
    return type instanceof Type.Named(String name)
        && declarations.get(name) instanceof Declaration.Struct;
  }

  private static Optional<JsonType> kind(Type type, Map<String, Declaration> declarations) {
    return switch (type) {
      case Type.Any _, Type.Nullable _ -> Optional.empty();
      case Type.Truth _ -> Optional.of(JsonType.BOOLEAN);
      case Type.Whole _ -> Optional.of(JsonType.INTEGER);
      case Type.Decimal _ -> Optional.of(JsonType.NUMBER);
      case Type.Text _, Type.Stamp _ -> Optional.of(JsonType.STRING);
      case Type.Many _ -> Optional.of(JsonType.ARRAY);
      case Type.Mapping _ -> Optional.of(JsonType.OBJECT);
      case Type.Named(String name) ->
          switch (declarations.get(name)) {
            case Declaration.Struct _, Declaration.Union _ -> Optional.of(JsonType.OBJECT);
            case Declaration.Choice _ -> Optional.of(JsonType.STRING);
            // One that is still being derived, or that has several.
            case null, default -> Optional.empty();
          };
    };
  }
}
