package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import org.junit.jupiter.api.Test;

/** A generated Python module imports what it uses, and no module that is not there. */
final class PythonImportsTest {
  private static String types(String properties) {
    String contract =
        """
        {"contract": "orders", "version": "1.0.0", "owner": "o", "schema":
          {"type": "object", "additionalProperties": false, "properties": {%s}}}
        """
            .formatted(properties);
    Contract read = Contract.read(contract.getBytes(UTF_8));
    return Generator.generate(read, Language.PYTHON, "orders").files().stream()
        .filter(file -> file.path().endsWith("/types.py"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  @Test
  void aMemberThatIsCalledRulesIsNoModule() {
    assertThat(types("\"rules\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}}"))
        .contains("rules:")
        .contains("from . import support\n");
  }

  @Test
  void aTypeThatAUnionNamesInQuotesIsImported() {
    String fill =
        """
        "fill": {"anyOf": [{"type": "boolean"}, {"type": "string"}, {"type": "object",
          "additionalProperties": {"anyOf": [{"type": "boolean"}, {"type": "string"}]}}]}
        """;
    String types = types(fill);
    assertThat(types).contains("\"Mapping[").contains("from collections.abc import Mapping\n");
  }
}
