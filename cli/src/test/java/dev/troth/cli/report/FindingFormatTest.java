package dev.troth.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.cli.Ran;
import dev.troth.contracts.Finding;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.json.file.Location;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.SAXException;

/** Reports against the published schemas of their formats. */
class FindingFormatTest {
  private static final String ODD = "100 % <&>\"'\\ \u0001\u007f\u2028 ä😀\n\ttab";

  /** Findings with all that a place and a text may hold. */
  private static final FindingReport REPORT =
      new FindingReport(
          List.of("a.yaml", "dir/b c.json", "/abs/ü.json", "good.yaml"),
          List.of(
              at(new Location("a.yaml", 3, 7, "/schema/properties/a~1b")),
              at(new Location("a.yaml", 0, 0, "/schema")),
              at(new Location("dir/b c.json", 1, 1, "")),
              Finding.warning("r2", Location.file("/abs/ü.json"), ODD, ""),
              at(Location.file("")),
              at(new Location("file:///x/y.json", 0, 0, "/z")),
              at(Location.file("orders.placed_at"))));

  private static Finding at(Location location) {
    return Finding.error("rule/one", location, ODD, ODD);
  }

  private static String written(FindingReport report, FindingFormat format) {
    StringWriter out = new StringWriter();
    report.write(format, new PrintWriter(out));
    return out.toString();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FindingFormatTest.class.getResourceAsStream("formats/" + name))) {
      return in.readAllBytes();
    }
  }

  private static Interpreter sarif() throws IOException {
    Json schema = JsonReader.read(resource("sarif-schema-2.1.0.json"));
    return new Interpreter(
        new SchemaLoader(SchemaLoader.Options.DEFAULT).load(schema, "troth:/sarif-2.1.0"));
  }

  private static Schema junit() throws Exception {
    SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
    return factory.newSchema(new StreamSource(new ByteArrayInputStream(resource("junit-10.xsd"))));
  }

  private static void validate(Schema schema, String xml) throws SAXException, IOException {
    schema.newValidator().validate(new StreamSource(new StringReader(xml)));
  }

  @Test
  void sarifIsValidUnderTheSchemaOfOasis() throws Exception {
    assertThat(sarif().violations(JsonReader.read(written(REPORT, FindingFormat.SARIF)))).isEmpty();
    FindingReport empty = new FindingReport(List.of("a"), List.of());
    assertThat(sarif().violations(JsonReader.read(written(empty, FindingFormat.SARIF)))).isEmpty();
    assertThat(sarif().isValid(JsonReader.read("{\"version\":\"2.1.0\",\"runs\":[{}]}"))).isFalse();
  }

  @Test
  void junitIsValidUnderTheSchemaOfJenkins() throws Exception {
    validate(junit(), written(REPORT, FindingFormat.JUNIT));
    validate(junit(), written(new FindingReport(List.of(), List.of()), FindingFormat.JUNIT));
    assertThatThrownBy(() -> validate(junit(), "<testsuites><testsuite/></testsuites>"))
        .isInstanceOf(SAXException.class);
  }

  @Test
  void junitLosesNoFindingOfAFileThatWasNotNamed() {
    assertThat(written(REPORT, FindingFormat.JUNIT))
        .contains("tests=\"7\" failures=\"5\"")
        .contains("name=\"file:///x/y.json\"");
  }

  @Test
  void whatCommandsWriteIsValidToo(@TempDir Path folder) throws Exception {
    Path contract =
        Files.writeString(
            folder.resolve("a.contract.yaml"),
            "{contract: a, version: 1.0.0, owner: o, ownr: p, schema: {type: strin}}");
    Path good =
        Files.writeString(
            folder.resolve("b.contract.yaml"),
            "{contract: b, version: 1.0.0, owner: o, schema: {type: string}}");
    Path next =
        Files.writeString(
            folder.resolve("c.contract.yaml"),
            "{contract: b, version: 1.1.0, owner: o, schema: {type: integer}}");
    for (Object[] command :
        List.of(
            new Object[] {"lint", contract, good},
            new Object[] {"check", next, "--against", good},
            new Object[] {"validate", good, next})) {
      Object[] asSarif = with(command, "sarif");
      assertThat(sarif().violations(JsonReader.read(Ran.contract(asSarif).out()))).isEmpty();
      validate(junit(), Ran.contract(with(command, "junit")).out());
    }
  }

  private static Object[] with(Object[] command, String format) {
    Object[] all = Arrays.copyOf(command, command.length + 2);
    all[command.length] = "--format";
    all[command.length + 1] = format;
    return all;
  }
}
