package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.schema.Documents;
import dev.troth.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bare JSON Schema or .avsc is a contract. */
class ContractFileTest {
  private static ContractFile file(String name, String text) {
    return ContractFile.of(
        name,
        text.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        "file:///schemas/" + name,
        Documents.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "order.json | {'type':'object'} | order 1.0.0 false",
        "a/b/order.schema.json | {'properties':{}} | order 1.0.0 false",
        "x.json | {'$id':'order_placed_v1','type':'object'} | order_placed 1.0.0 false",
        "x.json | {'$id':'order_placed_v12','type':'object'} | order_placed 12.0.0 false",
        "x.json | {'$id':'https://e.org/s/order/v2#','type':'object'} | order 2.0.0 false",
        "x.json | {'$id':'https://e.org/order-1.4.2.json','type':'object'} | order 1.4.2 true",
        "x.json | {'$id':'urn:example:order','type':'object'} | order 1.0.0 false",
        "x.json | {'$id':'order','version':'3.1.0','type':'object'} | order 3.1.0 true",
        "x.json | {'$id':'order','version':'3.1','type':'object'} | order 1.0.0 false",
        "ipv4.json | {'type':'string'} | ipv4 1.0.0 false",
        "order v2.avsc | 'string' | order_v2 1.0.0 false",
        "order-v2.avsc | {'type':'record','name':'O','fields':[]} | order 2.0.0 false",
        "union.avsc | ['null','string'] | union 1.0.0 false",
      })
  void hasANameAndAVersion(String name, String text, String expected) {
    ContractFile file = file(name, text);
    Contract contract = file.contract();
    assertThat("%s %s %s".formatted(contract.name(), contract.version(), file.versioned()))
        .isEqualTo(expected);
    assertThat(file.bare()).isTrue();
    Contract again = Contract.read(JsonWriter.bytes(contract.bundle()));
    assertThat(again.shape().getClass()).isEqualTo(contract.shape().getClass());
  }

  @Test
  void findingsNameTheirPlaceInTheFile() {
    List<Finding> findings =
        file("order.json", "{\n 'type': 'object',\n 'properties': {'a': {'type': 'objekt'}}\n}")
            .lint();
    assertThat(findings)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.place()).isEqualTo("order.json:3:31");
          assertThat(finding.rule()).isEqualTo("schema-invalid");
        });
  }

  @Test
  void examplesOfTheSchemaAreThoseOfTheContract() {
    ContractFile file =
        file("order.json", "{'type':'object','required':['a'],\n'examples':[{'a':1},{}]}");
    assertThat(file.contract().examples()).hasSize(2);
    assertThat(file.lint())
        .filteredOn(Finding::isError)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.message()).startsWith("example 2 breaks the contract");
          assertThat(finding.location().line()).isEqualTo(2);
        });
  }

  @Test
  void whatMeansToBeAContractStaysOne() {
    assertThat(file("a.contract.json", "{'type':'object'}").bare()).isFalse();
    assertThat(file("a.json", "{'contract':'a','type':'object'}").bare()).isFalse();
    assertThat(file("a.json", "{'version':'1.0.0','owner':'o','schema':{}}").bare()).isFalse();
    assertThat(file("a.json", "{'price':1}").bare()).isFalse();
  }

  @Test
  void aWrongDefaultOfAnAvroFieldIsFoundInItsPlace() {
    List<Finding> findings =
        file(
                "r.avsc",
                "{'type':'record','name':'R','fields':[\n"
                    + "{'name':'a','type':'int','default':'x'},\n"
                    + "{'name':'b','type':{'type':'array','items':{'type':'record','name':'S',"
                    + "'fields':[\n{'name':'c','type':['null','string'],'default':1}]}}}]}")
            .lint();
    assertThat(findings)
        .extracting(Finding::toString)
        .containsExactly(
            "r.avsc:2:36: the default of field a is \"x\", expected int [schema-invalid]",
            "r.avsc:4:48: the default of field c is 1, expected one of null, string"
                + " [schema-invalid]");
  }

  @Test
  void aLogicalTypeThatHasNoEffectIsNamed() {
    assertThat(
            file(
                    "r.avsc",
                    "{'type':'record','name':'R','fields':["
                        + "{'name':'a','type':{'type':'bytes','logicalType':'decimal',"
                        + "'precision':2,'scale':4}},"
                        + "{'name':'b','type':{'type':'long','logicalType':'timestamp-milis'}}]}")
                .lint())
        .extracting(Finding::toString)
        .satisfiesExactly(
            wrong -> assertThat(wrong).contains("decimal does not fit here"),
            unknown -> assertThat(unknown).contains("'timestamp-milis' is not known"));
  }
}
