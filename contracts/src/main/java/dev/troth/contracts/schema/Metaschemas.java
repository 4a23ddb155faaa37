package dev.troth.contracts.schema;

import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The meta-schemas of all drafts, bundled. */
public final class Metaschemas implements Documents {
  private static final String PREFIX = "https://json-schema.org/draft/";

  @Override
  public Optional<Json> find(String uri) {
    Optional<String> file = Draft.ofUri(uri).map(Draft::file);
    if (file.isEmpty() && uri.startsWith(PREFIX) && uri.contains("/meta/")) {
      file = Optional.of(uri.substring(PREFIX.length()) + ".json");
    }
    return file.flatMap(Metaschemas::read);
  }

  private static Optional<Json> read(String file) {
    try (InputStream in = Metaschemas.class.getResourceAsStream("metaschema/" + file)) {
      return in == null ? Optional.empty() : Optional.of(JsonReader.read(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bundled meta-schema " + file, e);
    }
  }
}
