package dev.troth.contracts.schema;

import java.util.EnumSet;
import java.util.Set;

/**
 * How a schema resource reads its keywords.
 *
 * @param draft the version of JSON Schema
 * @param vocabularies the groups of keywords in use
 */
public record Dialect(Draft draft, Set<Vocabulary> vocabularies) {
  public Dialect {
    vocabularies = Set.copyOf(vocabularies);
  }

  /** The dialect of a draft's own meta-schema. */
  public static Dialect of(Draft draft) {
    return new Dialect(draft, EnumSet.complementOf(EnumSet.of(Vocabulary.FORMAT_ASSERTION)));
  }

  /** Whether the keywords of that group mean anything here. */
  boolean has(Vocabulary vocabulary) {
    return vocabularies.contains(vocabulary);
  }
}
