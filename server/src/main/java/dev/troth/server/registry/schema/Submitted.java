package dev.troth.server.registry.schema;

import dev.troth.server.http.Json;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * A schema that a client wants to register.
 *
 * @param id the one that it has elsewhere, in a subject that imports
 * @param version the number that it shall have
 */
public record Submitted(Submission schema, OptionalInt id, OptionalInt version) {
  public Submitted(Submission schema) {
    this(schema, OptionalInt.empty(), OptionalInt.empty());
  }

  /** Reads the body of a request. */
  public static Submitted of(byte[] body) {
    Submission schema = Submission.of(body);
    JsonNode node = Json.mapper().readTree(body);
    return new Submitted(schema, number(node, "id"), number(node, "version"));
  }

  /** Clients write 0 or -1 for none. */
  private static OptionalInt number(JsonNode node, String name) {
    int number = node.path(name).asInt(-1);
    return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
