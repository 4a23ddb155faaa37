package dev.troth.server.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.breakdown.GroupedOrders;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Parameters of every route that reads, as the API's document names them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParametersTest {
  /** Those that may be given several times. */
  private static final List<String> REPEATED = List.of("/api/stream target");

  private static final List<String> PLACES = List.of("before", "after");

  private TestPlatform platform;

  @BeforeAll
  void start(@TempDir Path folder) {
    platform =
        TestPlatform.start(
            "slo.files", GroupedOrders.file(folder, "{attribute: tenant}").toString());
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  /** A parameter of a route; the path names something that is there where it has to. */
  private record Parameter(String route, String path, String name, String type) {}

  private static List<Parameter> all() throws IOException {
    JsonNode document;
    try (var stream = ParametersTest.class.getResourceAsStream("/openapi/openapi.json")) {
      document = Json.mapper().readTree(requireNonNull(stream).readAllBytes());
    }
    List<Parameter> parameters = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      if (path.getKey().startsWith("/api/events/kafka")) {
        // It is there where brokers are configured.
        continue;
      }
      JsonNode get = path.getValue().path("get");
      for (JsonNode one : get.path("parameters")) {
        if (one.path("in").asString("").equals("query")) {
          parameters.add(
              new Parameter(
                  path.getKey(),
                  path.getKey().replace("{name}", "orders").replaceAll("\\{\\w+}", "1"),
                  one.get("name").asString(),
                  one.at("/schema/type").asString()));
        }
      }
    }
    assertThat(parameters).hasSizeGreaterThan(40);
    return parameters;
  }

  private Answer ask(Parameter parameter, String... values) {
    List<String> query = new ArrayList<>();
    for (String value : values) {
      query.add(parameter.name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
    return platform.get(parameter.path + "?" + String.join("&", query));
  }

  @Test
  void whatIsGivenTwiceIsRefusedAndNotTakenOnce() throws IOException {
    for (Parameter parameter : all()) {
      if (!REPEATED.contains(parameter.route + " " + parameter.name)) {
        Answer answer = ask(parameter, "1", "2");
        assertThat(answer.status()).as(parameter + " " + answer.body()).isEqualTo(400);
        assertThat(answer.body())
            .contains(parameter.name + " is given 2 times, expected at most once");
      }
    }
  }

  @Test
  void aLimitIsAWholeNumberFromOne() throws IOException {
    int limits = 0;
    for (Parameter parameter : all()) {
      if (parameter.name.equals("limit")) {
        limits++;
        for (String wrong : List.of("0", "-1", "+5", "1.5", "١", "99999999", "9".repeat(30), " ")) {
          Answer answer = ask(parameter, wrong);
          assertThat(answer.status()).as(parameter + "=" + wrong + answer.body()).isEqualTo(400);
          assertThat(answer.body()).contains("limit is '" + wrong + "', expected 1 to ");
        }
      }
    }
    assertThat(limits).isGreaterThan(8);
  }

  @Test
  void aPlaceInAListIsOneThatAPageGave() throws IOException {
    int places = 0;
    for (Parameter parameter : all()) {
      if (PLACES.contains(parameter.name) && !parameter.route.equals("/api/subjects")) {
        places++;
        for (String wrong : List.of("7x", "+7", "-7", "٧", "7-", "7-zz zz", "1e3", "x-7")) {
          Answer answer = ask(parameter, wrong);
          assertThat(answer.status()).as(parameter + "=" + wrong + answer.body()).isIn(400, 422);
          assertThat(answer.body()).contains(parameter.name + " is '" + wrong + "', expected ");
        }
      }
    }
    assertThat(places).isGreaterThan(7);
  }

  @Test
  void otherNumbersAreRefusedByNameToo() {
    for (String path :
        List.of(
            "/api/traces?minMillis=NaN",
            "/api/traces?minMillis=-1",
            "/api/traces?minMillis=0x1p3",
            "/api/traces?limit=1d",
            "/api/traces/1?from=%2B1")) {
      Answer answer = platform.get(path);
      assertThat(answer.status()).as(path + answer.body()).isEqualTo(400);
      assertThat(answer.body()).contains("expected");
    }
    assertThat(platform.get("/api/traces?minMillis=0.5&limit=500").status()).isEqualTo(200);
    Answer sign = platform.get("/api/records/+1");
    assertThat(sign.status()).isEqualTo(404);
    assertThat(sign.body()).contains("id is '+1', expected a number");
  }
}
