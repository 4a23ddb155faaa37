package dev.troth.contracts.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.proof.Containment;
import dev.troth.contracts.proof.Effort;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlWriter;
import dev.troth.testkit.Property;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OdcsTest {
  private static final Interpreter STANDARD =
      new Interpreter(
          new SchemaLoader(SchemaLoader.Options.DEFAULT)
              .load(
                  JsonReader.read(resource("odcs-json-schema-v3.1.0.json")),
                  "troth:/odcs-v3.1.0.json"));

  private static final String ORDER =
      """
      contract: order_placed
      version: 1.2.0
      owner: orders-team
      description: An order was accepted.
      tags: [orders]
      schema:
        type: object
        title: Order
        required: [id, placedAt, note]
        additionalProperties: false
        properties:
          id: {type: string, minLength: 1, maxLength: 64, pattern: "^o-"}
          placedAt: {type: string, format: date-time}
          due: {type: string, format: date, description: When it is paid.}
          note: {type: [string, "null"]}
          currency: {enum: [EUR, USD], type: string}
          kind: {const: order}
          amount: {type: number, exclusiveMinimum: 0, multipleOf: 0.01}
          customer: {$ref: "#/$defs/party"}
          parent: {$ref: "#/$defs/tree"}
          items:
            type: array
            minItems: 1
            uniqueItems: true
            items:
              type: object
              required: [sku]
              minProperties: 1
              properties: {sku: {type: string}, quantity: {type: integer, minimum: 1}}
        $defs:
          party: {type: object, required: [name], properties: {name: {type: string}}}
          tree: {type: object, properties: {left: {$ref: "#/$defs/tree"}}}
      rules:
        - {id: cheap, description: below a million, check: "this.amount < 1000000.0"}
        - {id: noted, check: "this.note != ''", severity: warning}
      sla: {availability: 99.9%, latency: 500ms, retention: 30d, freshness: 90s}
      examples:
        - {id: o-1, placedAt: "2026-01-31T09:30:00Z", note: null}
      x-team: blue
      """;

  private static byte[] resource(String name) {
    try (InputStream in = Objects.requireNonNull(OdcsTest.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SourceFile yaml(String text) {
    try {
      return SourceFile.read("test.yaml", text.getBytes(StandardCharsets.UTF_8));
    } catch (SourceFile.SyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Contract contract(Json json) {
    return Contract.read(JsonWriter.bytes(json));
  }

  private static Conversion imported(Json odcs) {
    return OdcsImport.of(yaml(YamlWriter.write(odcs)), Optional.empty());
  }

  private static String text(Json json, String pointer) {
    return JsonPointer.find(json, pointer).map(Json::toString).orElse("nothing");
  }

  private static void assertSameMeaning(Schema one, Schema other) {
    Containment containment = Containment.strict(Effort.NORMAL);
    assertThat(containment.of(one, other)).isInstanceOf(Answer.Proved.class);
    assertThat(containment.of(other, one)).isInstanceOf(Answer.Proved.class);
  }

  @Test
  void whatIsExportedIsValidUnderThePublishedSchema() {
    Conversion made = OdcsExport.of(contract(yaml(ORDER).json()));
    assertThat(made.usable()).isTrue();
    assertThat(STANDARD.violations(made.document())).isEmpty();
    Json document = made.document();
    assertThat(text(document, "/team/name")).isEqualTo("\"orders-team\"");
    assertThat(text(document, "/schema/0/businessName")).isEqualTo("\"Order\"");
    assertThat(text(document, "/schema/0/properties/1/logicalType")).isEqualTo("\"timestamp\"");
    assertThat(text(document, "/schema/0/properties/4/quality/0/arguments/validValues"))
        .isEqualTo("[\"EUR\",\"USD\"]");
    assertThat(text(document, "/schema/0/properties/7/properties/0/required")).isEqualTo("true");
    assertThat(text(document, "/slaProperties"))
        .isEqualTo(
            "[{\"property\":\"availability\",\"value\":99.9,\"unit\":\"percent\"},"
                + "{\"property\":\"latency\",\"value\":500,\"unit\":\"ms\"},"
                + "{\"property\":\"retention\",\"value\":30,\"unit\":\"d\"},"
                + "{\"property\":\"freshness\",\"value\":90,\"unit\":\"s\"}]");
  }

  @Test
  void whatTheStandardCannotSayIsNamedOnce() {
    assertThat(OdcsExport.of(contract(yaml(ORDER).json())).findings())
        .allMatch(finding -> !finding.isError())
        .extracting(finding -> finding.location().pointer() + " " + finding.rule())
        .containsExactlyInAnyOrder(
            "/schema odcs/keyword",
            "/schema/properties/note odcs/keyword",
            "/schema/$defs/tree/properties/left odcs/keyword",
            "/examples odcs/custom",
            "/x-team odcs/custom");
  }

  @Test
  void aContractComesBackAsItWas() {
    Contract before = contract(yaml(ORDER).json());
    Conversion back = imported(OdcsExport.of(before).document());
    assertThat(back.findings()).isEmpty();
    Contract after = contract(back.document());
    assertThat(after.name()).isEqualTo(before.name());
    assertThat(after.version()).isEqualTo(before.version());
    assertThat(after.owner()).isEqualTo(before.owner());
    assertThat(after.description()).isEqualTo(before.description());
    assertThat(after.sla()).isEqualTo(before.sla());
    assertThat(after.examples()).isEqualTo(before.examples());
    assertThat(after.rules()).hasSize(2);
    assertThat(after.rules().getLast().severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(after.json().text("x-team")).hasValue("blue");
    assertThat(after.json().get("tags")).isEqualTo(before.json().get("tags"));
    assertSameMeaning(before.schema().orElseThrow(), after.schema().orElseThrow());
  }

  @Test
  void roundTripsKeepTheMeaningOfRandomSchemas() {
    Property.of("a schema means the same after export to ODCS and import")
        .runs(300, 20_000)
        .check(random -> {
          Json schema = new RandomSchema(random).next();
          Contract before =
              contract(
                  yaml("{contract: c, version: 1.0.0, owner: o, schema: " + schema + "}").json());
          Conversion made = OdcsExport.of(before);
          assertThat(STANDARD.violations(made.document())).as("%s", schema).isEmpty();
          Conversion back = imported(made.document());
          Contract after = contract(back.document());
          Schema one = before.schema().orElseThrow();
          Schema other = after.schema().orElseThrow();
          Containment containment = Containment.strict(Effort.NORMAL);
          assertThat(List.of(containment.of(one, other), containment.of(other, one)))
              .as("%s became %s", schema, other.source())
              .allMatch(Answer.Proved.class::isInstance);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "full-example.odcs.yaml, tbl",
    "full-example.odcs.yaml, receivers",
    "all-data-types.odcs.yaml, transactions_tbl",
    "postgresql-adventureworks.odcs.yaml, department",
  })
  void theStandardsOwnExamplesComeInAndGoOutAgain(String file, String object) throws Exception {
    SourceFile source = SourceFile.read(file, resource(file));
    Conversion in = OdcsImport.of(source, Optional.of(object));
    assertThat(in.usable()).as("%s", in.findings()).isTrue();
    Conversion out = OdcsExport.of(contract(in.document()));
    assertThat(STANDARD.violations(out.document())).isEmpty();
    Json.Obj original =
        Odcs.items((Json.Obj) source.json(), "schema").stream()
            .filter(o -> o.text("name").filter(object::equals).isPresent())
            .findFirst()
            .orElseThrow();
    Json.Obj written = Odcs.items(out.document(), "schema").getFirst();
    for (String kept : List.of("id", "physicalName", "physicalType", "tags", "relationships")) {
      assertThat(written.get(kept)).as(kept).isEqualTo(original.get(kept));
    }
    for (String kept : List.of("servers", "price", "support", "roles", "domain", "status", "id")) {
      assertThat(out.document().get(kept)).as(kept).isEqualTo(((Json.Obj) source.json()).get(kept));
    }
    assertThat(Odcs.items(written, "properties")).hasSameSizeAs(Odcs.items(original, "properties"));
  }

  @Test
  void inOtherDocumentsWhatIsNotRequiredMayBeNull() {
    Conversion in =
        imported(
            yaml("""
            apiVersion: v3.1.0
            kind: DataContract
            id: 53581432-6c55-4ba2-a65f-72344a91553a
            version: 2
            status: draft
            team: {name: sales, description: sells}
            schema:
              - name: tbl
                properties:
                  - {name: code, logicalType: string, required: true, unique: true}
                  - name: unit
                    physicalType: VARCHAR(3)
                    quality:
                      - metric: invalidValues
                        mustBe: 0
                        arguments: {validValues: [kg, lb]}
                      - {type: text, description: looks right}
                  - {name: size, logicalType: integer, logicalTypeOptions: {format: u8}}
                  - {name: seen, logicalType: date, quality: [{metric: nullValues, mustBe: 0}]}
            slaProperties:
              - {property: ly, value: 4, unit: d, element: tbl.seen}
              - {property: Retention, value: "3", unit: y}
              - {property: generalAvailability, value: "2022-05-12"}
            """)
                .json());
    Json contract = in.document();
    assertThat(text(contract, "/version")).isEqualTo("\"2.0.0\"");
    assertThat(text(contract, "/schema/required")).isEqualTo("[\"code\",\"seen\"]");
    assertThat(text(contract, "/schema/properties/unit"))
        .startsWith("{\"type\":[\"string\",\"null\"],\"enum\":[\"kg\",\"lb\",null]");
    assertThat(text(contract, "/schema/properties/size"))
        .startsWith("{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"maximum\":255");
    assertThat(text(contract, "/schema/properties/seen/type")).isEqualTo("\"string\"");
    assertThat(text(contract, "/sla")).isEqualTo("{\"latency\":\"4d\",\"retention\":\"1095d\"}");
    assertThat(text(contract, "/x-odcs/slaProperties/0/property"))
        .isEqualTo("\"generalAvailability\"");
    assertThat(in.findings())
        .extracting(Finding::rule)
        .containsExactlyInAnyOrder(
            "odcs/semver",
            "odcs/unique",
            "odcs/type",
            "odcs/quality",
            "odcs/sla",
            "odcs/years",
            "odcs/sla");
    assertThat(in.findings()).allMatch(finding -> finding.location().line() > 0);
  }

  @Test
  void theMembersOfAnOlderTeamAreKept() {
    Conversion in =
        imported(
            yaml("""
            apiVersion: v3.0.2
            version: 1.0.0
            team: [{username: ann, role: Data Owner}, {username: bob, role: Owner}]
            schema: [{name: tbl, properties: [{name: a, logicalType: string}]}]
            """)
                .json());
    assertThat(in.document().text("owner")).hasValue("bob");
    Conversion out = OdcsExport.of(contract(in.document()));
    assertThat(STANDARD.violations(out.document())).isEmpty();
    assertThat(text(out.document(), "/team/members/0/username")).isEqualTo("\"ann\"");
  }

  @Test
  void aDocumentOfAnotherStandardOrWithoutTheObjectIsRefused() {
    assertThat(imported(yaml("{apiVersion: v2.2.2}").json()).findings())
        .singleElement()
        .extracting(Finding::message)
        .isEqualTo("apiVersion is v2.2.2, expected v3.0 to v3.1");
    assertThat(imported(yaml("{apiVersion: v3.1.0, schema: []}").json()).usable()).isFalse();
  }

  @Test
  void whatHasAnotherFormIsRefusedNotDropped() {
    Conversion in =
        imported(
            yaml("""
            apiVersion: v3.1.0
            version: 1.0.0
            team: {name: t}
            slaProperties: {latency: 4d}
            schema:
              - name: tbl
                quality: none
                properties:
                  - {name: a, logicalType: object, properties: {b: {logicalType: string}}}
                  - {logicalType: string}
                  - {name: a}
            """)
                .json());
    assertThat(in.findings())
        .filteredOn(Finding::isError)
        .extracting(Finding::message)
        .containsExactlyInAnyOrder(
            "slaProperties is not a list of objects",
            "quality is not a list of objects",
            "properties is not a list of objects",
            "a property has no name",
            "two properties have the name 'a'");
  }

  @Test
  void aForeignReferenceIsInlinedAndARecursiveOneRefused() {
    String bundle =
        """
        contract: c
        version: 1.0.0
        owner: o
        schema: {type: object, properties: {money: {$ref: "money.json#/$defs/m"}}}
        documents:
          money.json: {$defs: {m: {type: object, properties: {more: %s}}}}
        """;
    Contract flat = contract(yaml(bundle.formatted("{type: integer}")).json());
    assertThat(text(OdcsExport.of(flat).document(), "/schema/0/properties/0/properties/0"))
        .contains("integer");
    Contract round = contract(yaml(bundle.formatted("{$ref: '#/$defs/m'}")).json());
    assertThat(OdcsExport.of(round).findings())
        .filteredOn(Finding::isError)
        .extracting(Finding::rule)
        .containsExactly("odcs/reference");
  }
}
