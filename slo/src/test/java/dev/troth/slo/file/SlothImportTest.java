package dev.troth.slo.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.file.YamlWriter;
import dev.troth.slo.objective.EventQueries;
import dev.troth.slo.objective.Objective;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SlothImportTest {
  private static final String SHOP =
      """
      version: prometheus/v1
      service: Shop
      slo_plugins: {chain: [{id: sloth.dev/contrib/denominator_corrected_rules/v1}]}
      slos:
        - name: requests_availability
          objective: 99.9
          description: Pages are answered.
          sli:
            events:
              error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
              total_query: sum(rate(http_requests_total[{{.window}}]))
          alerting:
            labels: {team: a}
            page_alert: {disable: true}
      """;

  @Test
  void anObjectiveKeepsItsTargetAndItsQueries() {
    SlothImport.Imported imported = SlothImport.read("shop.yml", SHOP);
    assertThat(imported.refused()).isEmpty();
    Loaded loaded =
        ObjectiveFiles.read(Map.of("o.yaml", YamlWriter.write(imported.documents().getFirst())));
    assertThat(loaded.problems()).isEmpty();
    Objective objective = loaded.objectives().getFirst();
    assertThat(objective.name()).isEqualTo("shop-requests-availability");
    assertThat(objective.goal().target()).isEqualTo(0.999);
    assertThat(objective.goal().window().text()).isEqualTo("30d");
    assertThat(Objects.requireNonNull(loaded.details().get(objective.name())).queries())
        .isEqualTo(
            Optional.of(
                new EventQueries(
                    "sum(rate(http_requests_total[{{.window}}]))",
                    "sum(rate(http_requests_total{code=~\"5..\"}[{{.window}}]))",
                    false)));
    assertThat(imported.notes())
        .extracting(FileError::message)
        .containsExactly(
            "the plugin sloth.dev/contrib/denominator_corrected_rules/v1 is not applied",
            "the page is disabled there; here it is told to those who watch",
            "labels and annotations of alerts are left out: routes go by objective");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "objective: 99.9 | objective: 100 | slos[0].objective is '100', expected above 0 and below 100",
        "total_query: | sum_query: | slos[0].sli.events, expected a member total_query",
        "error_query: | errors: | expected a member error_query",
        "description: | desc: | slos[0].desc is not known here",
        "version: prometheus/v1 | version: prometheus/v2 | version is 'prometheus/v2', expected prometheus/v1",
        "[{{.window}}])) |  | slos[0].sli.events.error_query is 'sum(rate(http_requests_total{code=~\"5..\"}', expected a query over [{{.window}}]",
        "total[{{.window}}] | total[5m] | slos[0].sli.events.total_query is 'sum(rate(http_requests_total[5m]))', expected a query over [{{.window}}]",
        "events: | plugin: | the plugin  is code of Sloth's",
      })
  void whatCannotBeTakenOverIsNamedWithItsPlace(String part, String other, String reason) {
    SlothImport.Imported imported =
        SlothImport.read("shop.yml", SHOP.replace(part, Objects.requireNonNullElse(other, "")));
    assertThat(imported.documents()).isEmpty();
    assertThat(imported.refused())
        .singleElement()
        .satisfies(refused -> {
          assertThat(refused.message()).contains(reason);
          assertThat(refused.line()).isPositive();
        });
  }

  @Test
  void whatIsNoObjectiveIsSaidToBeNone() {
    assertThat(SlothImport.read("x", "").refused().getFirst().message()).contains("no document");
    assertThat(SlothImport.read("x", "- a").refused().getFirst().message())
        .contains("expected an objective of Sloth");
    assertThat(SlothImport.read("x", "groups: []").refused().getFirst().message())
        .contains("not the rules that were made of them");
    assertThat(
            SlothImport.read("x", "apiVersion: troth.dev/v1\nkind: CompositeSLO")
                .refused()
                .getFirst())
        .extracting(FileError::message)
        .isEqualTo(
            "apiVersion is 'troth.dev/v1' and kind 'CompositeSLO', expected version prometheus/v1, a"
                + " PrometheusServiceLevel of sloth.slok.dev/v1 or an SLO of openslo/v1alpha");
    assertThat(SlothImport.read("x", "- a").refused().getFirst().message())
        .startsWith("document, expected");
    assertThat(SlothImport.read("x", "a: [").refused().getFirst().message()).contains("not YAML");
  }
}
