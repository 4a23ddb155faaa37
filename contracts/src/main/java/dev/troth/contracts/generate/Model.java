package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * All types of a contract.
 *
 * @param root the name of the message's own type
 * @param formats that texts are checked by
 */
record Model(String contract, String root, List<Declaration> declarations, Set<Format> formats) {
  Model {
    declarations = List.copyOf(declarations);
    formats = formats.isEmpty() ? Set.of() : EnumSet.copyOf(formats);
  }

  Declaration declaration(String name) {
    return declarations.stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
  }

  /** The names of the unions and sums that a struct is a branch of. */
  List<String> unionsOf(Declaration.Struct struct) {
    return declarations.stream()
        .filter(declaration ->
            switch (declaration) {
              case Declaration.Union union -> union.branches().containsValue(struct.name());
              case Declaration.Sum sum ->
                  sum.cases().stream()
                      .anyMatch(c -> c.type().equals(new Type.Named(struct.name())));
              case Declaration.Struct _, Declaration.Choice _, Declaration.Wrapper _ -> false;
            })
        .map(Declaration::name)
        .toList();
  }

  /** Whether values of the type are structs. */
  boolean isStruct(Type type) {
    return type instanceof Type.Named(String name)
        && declaration(name) instanceof Declaration.Struct;
  }

  /** Whether a type is one of several others. */
  boolean isUnion(String name) {
    return switch (declaration(name)) {
      case Declaration.Union _, Declaration.Sum _ -> true;
      case Declaration.Struct _, Declaration.Choice _, Declaration.Wrapper _ -> false;
    };
  }
}
