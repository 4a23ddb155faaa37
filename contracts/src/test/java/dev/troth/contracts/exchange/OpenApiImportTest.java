package dev.troth.contracts.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Validator;
import dev.troth.contracts.exchange.OpenApiImport.Wanted;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OpenApiImportTest {
  private static final String SHOP = resource("shop.openapi.yaml");

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(OpenApiImportTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Conversion read(String text, Wanted wanted) {
    try {
      return OpenApiImport.of(
          SourceFile.read("api.yaml", text.getBytes(StandardCharsets.UTF_8)), wanted);
    } catch (SourceFile.SyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Contract contract(Conversion conversion) {
    assertThat(conversion.usable()).as("%s", conversion.findings()).isTrue();
    return Contract.read(JsonWriter.bytes(conversion.document()));
  }

  private static boolean accepts(Contract contract, String message) {
    Validator validator = contract.inspector();
    return validator.isValid(message.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Json json, String pointer) {
    return JsonPointer.find(json, pointer).map(Json::toString).orElse("nothing");
  }

  @Test
  void theDialectOfThreeZeroBecomesJsonSchema() {
    Conversion made = read(SHOP, new Wanted.Component("Order"));
    Contract contract = contract(made);
    assertThat(contract.name()).isEqualTo("Order");
    assertThat(contract.version()).hasToString("1.4.0");
    assertThat(contract.owner()).isEqualTo("orders-team");
    assertThat(
            accepts(
                contract,
                "{\"created\":\"c\",\"secret\":\"s\",\"id\":\"a\",\"lines\":[{\"sku\":\"A\"}],\"note\":null}"))
        .isTrue();
    assertThat(
            accepts(
                contract,
                "{\"created\":\"c\",\"secret\":\"s\",\"id\":\"a\",\"lines\":[],\"price\":9}"))
        .isTrue();
    assertThat(
            accepts(
                contract,
                "{\"created\":\"c\",\"secret\":\"s\",\"id\":\"a\",\"lines\":[],\"price\":0}"))
        .isFalse();
    assertThat(
            accepts(
                contract,
                "{\"created\":\"c\",\"secret\":\"s\",\"id\":\"a\",\"lines\":[],\"count\":2147483648}"))
        .isFalse();
    assertThat(
            accepts(
                contract,
                "{\"created\":\"c\",\"secret\":\"s\",\"id\":\"a\",\"lines\":[{\"sku\":\"a\"}]}"))
        .isFalse();
    assertThat(
            accepts(
                contract,
                "{\"created\":\"c\",\"secret\":\"s\",\"id\":\"a\",\"lines\":[],\"nullable\":true}"))
        .isTrue();
    assertThat(
            accepts(
                contract,
                "{\"created\":\"c\",\"secret\":\"s\",\"id\":\"a\",\"lines\":[],\"parent\":null}"))
        .isFalse();
    assertThat(made.findings())
        .extracting(Finding::message)
        .containsExactly(
            "OpenAPI 3.0 ignores [nullable] beside $ref, and so does the contract",
            "version is '1.4', expected MAJOR.MINOR.PATCH: read as 1.4.0");
    assertThat(
            ((Json.Obj) JsonPointer.find(made.document(), "/schema/$defs").orElseThrow()).members())
        .containsOnlyKeys("Order", "Line", "Sku");
    assertThat(text(made.document(), "/schema/$defs/Order/properties/id/examples"))
        .isEqualTo("[\"o-1\"]");
  }

  @Test
  void whatIsOnlyReadIsNotRequiredInARequest() {
    Contract request = contract(read(SHOP, new Wanted.Request("putOrder")));
    assertThat(accepts(request, "{\"id\":\"a\",\"lines\":[],\"secret\":\"s\"}")).isTrue();
    assertThat(accepts(request, "{\"id\":\"a\",\"lines\":[],\"created\":\"c\"}")).isFalse();
    Contract whole = contract(read(SHOP, new Wanted.Component("Order")));
    assertThat(accepts(whole, "{\"id\":\"a\",\"lines\":[],\"secret\":\"s\"}")).isFalse();
  }

  @Test
  void anOperationsRequestAndAnswerAreFoundThroughReferences() {
    Contract request = contract(read(SHOP, new Wanted.Request("putOrder")));
    assertThat(request.name()).isEqualTo("putOrder");
    assertThat(accepts(request, "{\"id\":\"a\",\"lines\":[],\"secret\":\"s\"}")).isTrue();
    Contract answer = contract(read(SHOP, new Wanted.Response("putOrder", "200")));
    assertThat(answer.name()).isEqualTo("putOrder_200");
    assertThat(accepts(answer, "{\"title\":1}")).isFalse();
  }

  @Test
  void threeOneIsJsonSchemaAlready() {
    Contract contract =
        contract(
            read(
                """
                openapi: 3.1.0
                info: {title: t, version: 1.0.0, contact: {email: a@b.example}}
                components:
                  schemas:
                    Pair:
                      type: array
                      prefixItems: [{type: [string, "null"]}, {$ref: "#/components/schemas/N", minimum: 2}]
                      items: false
                    N: {type: integer, exclusiveMaximum: 5}
                """,
                new Wanted.Component("Pair")));
    assertThat(accepts(contract, "[null, 2]")).isTrue();
    assertThat(accepts(contract, "[null, 1]")).isFalse();
    assertThat(accepts(contract, "[null, 5]")).isFalse();
    assertThat(accepts(contract, "[null, 3, 3]")).isFalse();
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() {
    assertThat(read(SHOP, new Wanted.Component("Ordr")).findings().getFirst().message())
        .isEqualTo("there is no schema 'Ordr', expected one of [Order, Line, Sku, Problem, Lost]");
    assertThat(read(SHOP, new Wanted.Request("x")).findings().getFirst().message())
        .isEqualTo("there is no operation 'x', expected one of [putOrder]");
    assertThat(read(SHOP, new Wanted.Response("putOrder", "404")).findings().getFirst().message())
        .isEqualTo("putOrder does not answer '404', expected one of [200, 204]");
    assertThat(read(SHOP, new Wanted.Response("putOrder", "204")).findings().getFirst().message())
        .isEqualTo("answer 204 of putOrder has no JSON with a schema, found the media types []");
    assertThat(read(SHOP, new Wanted.Only()).findings().getFirst().message())
        .startsWith("a contract is about one schema, found 5");
    assertThat(read(SHOP, new Wanted.Component("Lost")).usable()).isFalse();
    Finding swagger = read("swagger: '2.0'", new Wanted.Only()).findings().getFirst();
    assertThat(swagger.message()).isEqualTo("openapi is 2.0, expected 3.0.x or 3.1.x");
  }
}
