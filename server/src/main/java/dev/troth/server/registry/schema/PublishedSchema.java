package dev.troth.server.registry.schema;

import dev.troth.contracts.Contract;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonWriter;
import java.util.List;

/** A contract as the registry keeps it: its schema in one document, and all of it in metadata. */
public final class PublishedSchema {
  private PublishedSchema() {}

  public static Submission of(Contract contract) {
    String metadata =
        new JsonMembers()
            .put(
                "properties",
                new JsonMembers()
                    .text(Submission.CONTRACT, JsonWriter.compact(contract.bundle()))
                    .json())
            .json()
            .toString();
    Submission.Kind kind =
        contract.shape() instanceof Contract.Shape.Avro
            ? Submission.Kind.AVRO
            : Submission.Kind.JSON;
    return new Submission(
        kind, JsonWriter.compact(contract.wholeSchema()), List.of(), metadata, "");
  }
}
