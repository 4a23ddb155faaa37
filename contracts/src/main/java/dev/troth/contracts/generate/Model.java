package dev.troth.contracts.generate;

import java.util.List;

/**
 * All types of a contract.
 *
 * @param root the name of the message's own type
 */
record Model(String contract, String root, List<Declaration> declarations) {
  Model {
    declarations = List.copyOf(declarations);
  }

  Declaration declaration(String name) {
    return declarations.stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
  }

  /** The unions that a struct is a branch of. */
  List<Declaration.Union> unionsOf(Declaration.Struct struct) {
    return declarations.stream()
        .filter(d -> d instanceof Declaration.Union u && u.branches().containsValue(struct.name()))
        .map(Declaration.Union.class::cast)
        .toList();
  }
}
