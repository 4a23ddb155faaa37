package dev.troth.contracts.schema;

import java.util.Locale;
import java.util.Optional;

/** A group of keywords that a dialect may use (2019-09 and 2020-12 core, §8.1). */
public enum Vocabulary {
  CORE,
  APPLICATOR,
  UNEVALUATED,
  VALIDATION,
  FORMAT,
  FORMAT_ANNOTATION,
  FORMAT_ASSERTION,
  CONTENT,
  META_DATA;

  private static final String PREFIX = "https://json-schema.org/draft/";

  static Optional<Vocabulary> ofUri(String uri) {
    int cut = uri.indexOf("/vocab/");
    if (!uri.startsWith(PREFIX) || cut < 0) {
      return Optional.empty();
    }
    String name = uri.substring(cut + "/vocab/".length());
    for (Vocabulary vocabulary : values()) {
      if (vocabulary.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
        return Optional.of(vocabulary);
      }
    }
    return Optional.empty();
  }
}
