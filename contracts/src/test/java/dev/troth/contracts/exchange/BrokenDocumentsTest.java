package dev.troth.contracts.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.exchange.OpenApiImport.Wanted;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.SourceFile;
import dev.troth.testkit.Property;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Documents in which something is not what it should be are refused or read, never a failure. */
class BrokenDocumentsTest {
  private static final List<Json> ODD =
      List.of(
          Json.Null.NULL,
          Json.Bool.TRUE,
          Json.Num.of(-1),
          new Json.Str(""),
          new Json.Str("#/components/schemas/Order"),
          new Json.Arr(List.of()),
          new Json.Arr(List.of(Json.Null.NULL)),
          new Json.Obj(Map.of()),
          JsonReader.read("{\"$ref\": \"#\"}"),
          JsonReader.read("{\"type\": [\"string\", \"null\"], \"enum\": [1]}"));

  private static Json file(String name) throws Exception {
    try (InputStream in =
        Objects.requireNonNull(BrokenDocumentsTest.class.getResourceAsStream(name))) {
      return SourceFile.read(name, in.readAllBytes()).json();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The document with some of its values exchanged, gone or doubled. */
  private static Json broken(Json json, RandomGenerator random) {
    if (random.nextInt(60) == 0) {
      return ODD.get(random.nextInt(ODD.size()));
    }
    return switch (json) {
      case Json.Obj(Map<String, Json> members) -> {
        Map<String, Json> others = new LinkedHashMap<>();
        members.forEach((name, value) -> {
          if (random.nextInt(80) > 0) {
            others.put(random.nextInt(80) == 0 ? "" : name, broken(value, random));
          }
        });
        yield new Json.Obj(others);
      }
      case Json.Arr(List<Json> items) -> {
        List<Json> others = new ArrayList<>();
        items.forEach(item -> {
          others.add(broken(item, random));
          if (random.nextInt(80) == 0) {
            others.add(item);
          }
        });
        yield new Json.Arr(others);
      }
      default -> json;
    };
  }

  private static void thenOut(Conversion in) {
    if (!in.usable()) {
      assertThat(in.findings()).isNotEmpty();
      return;
    }
    Contract contract;
    try {
      contract = Contract.read(JsonWriter.bytes(in.document()));
    } catch (ContractException refused) {
      assertThat(refused.findings()).isNotEmpty();
      return;
    }
    OdcsExport.of(contract);
  }

  @Test
  void odcs() throws Exception {
    Json document = file("full-example.odcs.yaml");
    Property.of("a broken ODCS document is read or refused")
        .runs(300, 20_000)
        .check(random -> {
          SourceFile source = new SourceFile("x.yaml", broken(document, random), Map.of());
          thenOut(OdcsImport.of(source, Optional.of("tbl")));
        });
  }

  @Test
  void openApi() throws Exception {
    Json document = file("shop.openapi.yaml");
    Property.of("a broken OpenAPI document is read or refused")
        .runs(1_000, 50_000)
        .check(random -> {
          SourceFile source = new SourceFile("x.yaml", broken(document, random), Map.of());
          thenOut(OpenApiImport.of(source, new Wanted.Component("Order")));
          thenOut(OpenApiImport.of(source, new Wanted.Response("putOrder", "200")));
        });
  }
}
