package dev.troth.contracts.schema;

import dev.troth.json.Json;
import java.util.Map;
import java.util.Optional;

/** Where schemas outside the loaded document come from. The default is: nowhere. */
@FunctionalInterface
public interface Documents {
  /** No document; a reference to another document is an error. */
  Documents NONE = _ -> Optional.empty();

  /** The document of that absolute URI without a fragment. */
  Optional<Json> find(String uri);

  /** These documents and no others. */
  static Documents of(Map<String, Json> byUri) {
    Map<String, Json> documents = Map.copyOf(byUri);
    return uri -> Optional.ofNullable(documents.get(uri));
  }

  /** These documents, then those. */
  default Documents or(Documents others) {
    return uri -> find(uri).or(() -> others.find(uri));
  }
}
