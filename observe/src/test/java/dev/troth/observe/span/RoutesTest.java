package dev.troth.observe.span;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutesTest {
  private static String route(String path) {
    return new Routes(List.of(), Routes.Unmatched.HEURISTIC, 10).route(path).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/orders, /orders",
    "/orders/123, /orders/{id}",
    "/orders/123/items/9, /orders/{id}/items/{id}",
    "/api/v1/users, /api/v1/users",
    "/users/6f1a9ec2-0b1d-4a7e-9c55-3f2f0d9e8b7a, /users/{id}",
    "/blobs/deadbeef0123, /blobs/{id}",
    "/orders/ord-2f9k31, /orders/{id}",
    "/static/app.min.js, /static/app.min.js",
    "/a/b@c.d, /a/{id}",
    "/-/healthy, /-/healthy"
  })
  void guessesWhatIsAnIdentifier(String path, String expected) {
    assertThat(route(path)).isEqualTo(expected);
  }

  @Test
  void patternsComeFirst() {
    Routes routes =
        new Routes(List.of("/users/:name", "/files/**", "/x/{a}/y"), Routes.Unmatched.WILDCARD, 10);
    assertThat(routes.route("/users/anna")).contains("/users/:name");
    assertThat(routes.route("/users/anna/z")).contains("/**");
    assertThat(routes.route("/files/a/b/c")).contains("/files/**");
    assertThat(routes.route("/x/1/y")).contains("/x/{a}/y");
  }

  @Test
  void aPlaceWithTooManyNamesBecomesAStar() {
    Routes routes = new Routes(List.of(), Routes.Unmatched.LOW_CARDINALITY, 3);
    for (String name : List.of("ant", "bee", "cat")) {
      assertThat(routes.route("/animals/" + name)).contains("/animals/" + name);
    }
    assertThat(routes.route("/animals/dog")).contains("/animals/*");
    assertThat(routes.route("/animals/ant")).contains("/animals/ant");
  }
}
