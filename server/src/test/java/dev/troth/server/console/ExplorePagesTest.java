package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.console.site.Site;
import dev.troth.server.http.Json;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contracts, the gate, the map and the search as their pages show them. */
class ExplorePagesTest {
  private static final String TEXT =
      "{\"type\":\"object\",\"properties\":{\"weight\":{\"type\":\"string\"}}}";
  private static final String NUMBER = TEXT.replace("string", "integer");

  private TestPlatform platform;

  @BeforeEach
  void start() {
    assumeFalse(Site.bundled().isAbsent(), "no console in this build: " + Site.bundled().absence());
    platform = TestPlatform.start();
  }

  @AfterEach
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void aBreakIsShownWithItsRulePlaceCounterexampleAndCure() {
    register("parcel-value", TEXT);
    assertThat(page("/contracts/parcel-value").body()).contains("There is one version alone");
    platform.put("/registry/config/parcel-value", "{\"compatibility\":\"NONE\"}");
    register("parcel-value", NUMBER);
    String html = page("/contracts/parcel-value").body();
    assertThat(html)
        .contains("version 1 → version 2")
        .contains(">Breaks<")
        .contains("/type<")
        .contains(">/properties/weight<")
        .contains("a document of version 1:")
        .contains("keep the type; to change it, add a property of another name")
        .contains("The earlier version takes it, the later one does not")
        .contains("{&quot;weight&quot;:");
    assertThat(page("/contracts").body()).contains("parcel-value").contains("version 2");
  }

  @Test
  void whoDependsOnAContractIsNamedWithHowFarBehindTheyAre() {
    register("crate-value", TEXT);
    Answer said = platform.put("/api/contracts/crate-value/consumers/billing", "{\"version\":1}");
    assertThat(said.status()).as(said.body()).isLessThan(300);
    assertThat(page("/contracts/crate-value").body())
        .contains("billing")
        .contains("reads the latest");
    register("crate-value", TEXT.replace("}}}", "},\"size\":{\"type\":\"string\"}}}"));
    assertThat(page("/contracts/crate-value").body())
        .contains("1 version behind")
        .contains("Proved: breaks nobody")
        .contains("size");
  }

  @Test
  void aContractsNotificationOpensItsPage() {
    register("order_placed-value", TEXT);
    assertThat(page("/go/contract/order_placed").header("Location"))
        .isEqualTo("/contracts/order_placed-value");
    assertThat(page("/go/contract/elsewhere").header("Location"))
        .isEqualTo("/subjects/contract/elsewhere");
  }

  @Test
  void whatIsNotThereIsAPageThatSaysSo() {
    register("crate-value", TEXT);
    assertThat(page("/contracts/none").status()).isEqualTo(404);
    assertThat(page("/contracts/crate-value?from=1&to=7").body())
        .contains("crate-value has no version 7");
    assertThat(page("/contracts/crate-value?from=x").status()).isEqualTo(422);
  }

  @Test
  void theGateCountsVerdictsByReason() {
    assertThat(page("/gate").body()).contains("No token was checked yet");
    for (int i = 0; i < 3; i++) {
      platform.post("/gate/validate", "{\"token\":\"a.b.c.d\"}");
    }
    platform.post("/gate/validate", "{\"token\":\"" + platform.ownersToken() + "\"}");
    assertThat(page("/gate").body())
        .contains("token_malformed")
        .contains("75.00%")
        .contains("25.00%")
        .contains("of the last 4 checks");
  }

  @Test
  void theSearchFindsTheBeginningAndThePartOfAName() {
    register("order_placed-value", TEXT);
    for (String asked : new String[] {"contract/ord", "order_p", "PLACED", "r_placed"}) {
      assertThat(page("/search?q=" + asked).body()).as(asked).contains("contract/order_placed");
    }
    assertThat(page("/search?q=100%25").body()).contains("Nothing that you may see");
    assertThat(page("/search").body()).contains("Type the beginning");
  }

  private void register(String subject, String schema) {
    Answer answer =
        platform.post(
            "/registry/subjects/" + subject + "/versions",
            Json.mapper().writeValueAsString(Map.of("schemaType", "JSON", "schema", schema)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private Answer page(String path) {
    return platform.get(path, "Accept", "text/html");
  }
}
