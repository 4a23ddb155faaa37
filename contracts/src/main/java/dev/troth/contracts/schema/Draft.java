package dev.troth.contracts.schema;

import java.util.Optional;

/** A version of JSON Schema; later ones compare greater. */
public enum Draft {
  DRAFT_4("http://json-schema.org/draft-04/schema", "draft-04.json"),
  DRAFT_6("http://json-schema.org/draft-06/schema", "draft-06.json"),
  DRAFT_7("http://json-schema.org/draft-07/schema", "draft-07.json"),
  DRAFT_2019_09("https://json-schema.org/draft/2019-09/schema", "2019-09/schema.json"),
  DRAFT_2020_12("https://json-schema.org/draft/2020-12/schema", "2020-12/schema.json");

  private final String uri;
  private final String file;

  Draft(String uri, String file) {
    this.uri = uri;
    this.file = file;
  }

  /** The meta-schema's URI, without a fragment. */
  public String uri() {
    return uri;
  }

  /** As people write it: {@code draft-07}, {@code 2020-12}. */
  public String title() {
    return file.substring(0, file.indexOf(file.contains("/") ? '/' : '.'));
  }

  String file() {
    return file;
  }

  public boolean atLeast(Draft other) {
    return compareTo(other) >= 0;
  }

  /** The draft whose meta-schema {@code $schema} names; an empty fragment is ignored. */
  public static Optional<Draft> ofUri(String uri) {
    String plain = uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
    for (Draft draft : values()) {
      if (draft.uri.equals(plain)) {
        return Optional.of(draft);
      }
    }
    return Optional.empty();
  }
}
