package dev.troth.slo.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GrafanaExportTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private static Json dashboard(Optional<String> name) throws IOException, RefusedException {
    Loaded loaded = ObjectiveFiles.read(Map.of("slo.yaml", Files.readString(EXAMPLE)));
    return GrafanaExport.of(loaded, name).document();
  }

  /** What the published kind of a dashboard asks of its fields, as far as the export uses them. */
  private static List<String> wrong(Json dashboard) {
    List<String> wrong = new ArrayList<>();
    Set<BigDecimal> ids = new HashSet<>();
    text(dashboard, "title", wrong);
    text(dashboard, "uid", wrong);
    if (member(dashboard, "uid") instanceof Json.Str(String uid)
        && !uid.matches("[A-Za-z0-9_-]{1,40}")) {
      wrong.add("uid is " + uid);
    }
    if (!(member(dashboard, "schemaVersion") instanceof Json.Num(BigDecimal version))
        || version.intValue() < 36) {
      wrong.add("schemaVersion is not 36 or later");
    }
    for (Json panel : items(dashboard, "panels")) {
      if (!(member(panel, "id") instanceof Json.Num(BigDecimal id)) || !ids.add(id)) {
        wrong.add("a panel's id is missing or given twice");
      }
      place(member(panel, "gridPos"), wrong);
      text(panel, "title", wrong);
      String type = member(panel, "type") instanceof Json.Str(String kind) ? kind : "";
      if (type.equals("row")) {
        continue;
      }
      if (!Set.of("stat", "timeseries").contains(type)) {
        wrong.add("a panel's type is " + type);
      }
      Set<Json> refs = new HashSet<>();
      List<Json> targets = items(panel, "targets");
      if (targets.isEmpty()) {
        wrong.add("a panel has no targets");
      }
      for (Json target : targets) {
        text(target, "expr", wrong);
        if (!refs.add(member(target, "refId"))) {
          wrong.add("a refId is missing or given twice");
        }
        text(member(target, "datasource"), "uid", wrong);
      }
      List<Json> steps =
          items(member(member(member(panel, "fieldConfig"), "defaults"), "thresholds"), "steps");
      if (steps.isEmpty() || !member(steps.getFirst(), "value").equals(Json.Null.NULL)) {
        wrong.add("thresholds do not begin with a step from minus infinity, which is null");
      }
    }
    return wrong;
  }

  private static void place(Json place, List<String> wrong) {
    int x = number(place, "x");
    int w = number(place, "w");
    if (x < 0 || w < 1 || x + w > 24 || number(place, "h") < 1 || number(place, "y") < 0) {
      wrong.add("a panel does not stand within 24 columns: " + place);
    }
  }

  private static int number(Json value, String name) {
    return member(value, name) instanceof Json.Num(BigDecimal number) ? number.intValue() : -1;
  }

  private static void text(Json value, String name, List<String> wrong) {
    if (!(member(value, name) instanceof Json.Str(String text)) || text.isEmpty()) {
      wrong.add(name + " is missing");
    }
  }

  private static Json member(Json value, String name) {
    return value instanceof Json.Obj object
        ? object.get(name).orElse(new Json.Str(""))
        : new Json.Str("");
  }

  private static List<Json> items(Json value, String name) {
    return member(value, name) instanceof Json.Arr(List<Json> items) ? items : List.of();
  }

  @Test
  void aChainHasSixPanelsOfTheShapeThatGrafanaReads() throws Exception {
    Json dashboard = dashboard(Optional.of("orders"));
    assertThat(wrong(dashboard)).isEmpty();
    assertThat(
            items(dashboard, "panels").stream()
                .skip(1)
                .map(panel -> ((Json.Str) member(panel, "title")).value()))
        .containsExactly(
            "Availability over 1h",
            "Budget remaining",
            "End-to-end p95 of good requests",
            "API 5xx: gateway",
            "Function errors: function, table",
            "Failed event entries: bus");
    assertThat(JsonWriter.compact(dashboard))
        .contains("\"color\":\"red\",\"value\":0.8", "troth_slo_latency_seconds_bucket");
  }

  @Test
  void allObjectivesOfAFileStandOnOneDashboard() throws Exception {
    Json dashboard = dashboard(Optional.empty());
    assertThat(wrong(dashboard)).isEmpty();
    assertThat(JsonWriter.compact(dashboard)).contains("orders-latency", "orders-consumer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"refId\":\"A\" | \"ref\":\"A\" | a refId",
        "\"w\":12 | \"w\":30 | 24 columns",
        "\"schemaVersion\":38 | \"schemaVersion\":16 | schemaVersion",
        "\"uid\":\"troth-orders\" | \"uid\":\"troth orders\" | uid is",
        "\"type\":\"timeseries\" | \"type\":\"graph2\" | type is",
      })
  void theShapeTestFindsWhatIsWrong(String part, String other, String reason) throws Exception {
    String text = JsonWriter.compact(dashboard(Optional.of("orders")));
    assertThat(text).contains(part);
    String changed = text.replace(part, other);
    if (part.contains("refId")) {
      changed = text.replace("\"refId\":\"B\"", "\"refId\":\"A\"");
    }
    assertThat(wrong(JsonReader.read(changed)).toString()).contains(reason);
  }
}
