package dev.troth.contracts.generate;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import java.util.List;
import java.util.Optional;

/**
 * Writes types for a contract's messages: {@code Generator.generate(contract, Language.JAVA,
 * "shop.orders")}. Every valid message can be read and written again unchanged, and what the
 * validator refuses is refused; a schema that this cannot be done for yields findings and no files.
 */
public final class Generator {
  private Generator() {}

  /**
   * What was generated.
   *
   * @param files empty if there are findings
   */
  public record Result(List<SourceText> files, List<Finding> findings) {
    public Result {
      files = List.copyOf(files);
      findings = List.copyOf(findings);
    }
  }

  /**
   * Generates code.
   *
   * @param packageName of the types, as the language writes it
   */
  public static Result generate(Contract contract, Language language, String packageName) {
    if (!(contract.shape() instanceof Contract.Shape.JsonSchema(var schema))) {
      return new Result(
          List.of(),
          List.of(
              Finding.error(
                  "generate/avro",
                  "/schema",
                  "the schema is Avro, expected JSON Schema",
                  "generate classes by Avro's own tools")));
    }
    SchemaTypes types = new SchemaTypes();
    Optional<Model> model = types.model(contract.name(), schema);
    if (model.isEmpty()) {
      return new Result(List.of(), types.findings());
    }
    String title = contract.name() + " " + contract.version();
    List<SourceText> files =
        switch (language) {
          case JAVA -> new JavaCode(model.get(), packageName, title).files();
          case GO -> new GoCode(model.get(), packageName, title).files();
          case PYTHON -> new PythonCode(model.get(), packageName, title).files();
        };
    return new Result(files, List.of());
  }
}
