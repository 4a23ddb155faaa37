package dev.troth.contracts.generate;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes types for a contract's messages: {@code Generator.generate(contract, Language.JAVA,
 * "shop.orders")}. Every valid message can be read and written again unchanged, and what the
 * validator refuses is refused; a schema that this cannot be done for yields findings and no files.
 */
public final class Generator {
  /** A constructor of Java takes 255 slots, and a long takes two. */
  private static final int MOST_COMPONENTS = 120;

  private Generator() {}

  /**
   * What was generated.
   *
   * @param root the name of the message's own type; empty if there are no files
   * @param files empty if a finding is an error
   * @param findings errors, and warnings about what the code does not check
   */
  public record Result(String root, List<SourceText> files, List<Finding> findings) {
    public Result {
      files = List.copyOf(files);
      findings = List.copyOf(findings);
    }
  }

  /** What texts of a format become. */
  public enum Formatted {
    /** A type of the language where it has one: {@code OffsetDateTime}, {@code UUID}. */
    NATIVE,
    /** Texts, checked and kept as they were written. */
    TEXT;

    /** As it is written. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How code is written.
   *
   * @param packageName of the types, as the language writes it
   * @param jackson whether Java's types have the annotations by which Jackson reads and writes them
   * @param pydantic whether Python's types can be fields of pydantic's models
   */
  public record Options(String packageName, Formatted formats, boolean jackson, boolean pydantic) {
    /** Native types, and nothing for others' libraries. */
    public static Options of(String packageName) {
      return new Options(packageName, Formatted.NATIVE, false, false);
    }
  }

  /** Generates code by {@link Options#of}. */
  public static Result generate(Contract contract, Language language, String packageName) {
    return generate(contract, language, Options.of(packageName));
  }

  /** Generates code. */
  public static Result generate(Contract contract, Language language, Options options) {
    if (!(contract.shape() instanceof Contract.Shape.JsonSchema(var schema))) {
      return new Result(
          "",
          List.of(),
          List.of(
              Finding.error(
                  "generate/avro",
                  "/schema",
                  "the schema is Avro, expected JSON Schema",
                  "generate classes by Avro's own tools")));
    }
    SchemaTypes types =
        new SchemaTypes(
            options.formats() == Formatted.NATIVE,
            language == Language.JAVA ? MOST_COMPONENTS : Integer.MAX_VALUE);
    Optional<Model> model = types.model(contract.name(), schema);
    if (model.isEmpty()) {
      return new Result("", List.of(), types.findings());
    }
    String title = contract.name() + " " + contract.version();
    List<SourceText> files =
        switch (language) {
          case JAVA -> new JavaCode(model.get(), options, title).files();
          case GO -> new GoCode(model.get(), options.packageName(), title).files();
          case PYTHON -> new PythonCode(model.get(), options, title).files();
        };
    return new Result(model.get().root(), files, types.findings());
  }
}
