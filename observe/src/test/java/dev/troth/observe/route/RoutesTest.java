package dev.troth.observe.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    "/-/healthy, /-/healthy",
    "/token/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln, /token/{id}",
    "/token/eyJh.eyJz.abc, /token/{id}",
    "/users/john.doe, /users/{id}",
    "/releases/1.2.3, /releases/{id}",
    "/releases/v1.20.3-rc.1, /releases/{id}",
    "/.well-known/openid-configuration, /.well-known/openid-configuration",
    "/static/report-2024-11-29.pdf, /static/{id}"
  })
  void guessesWhatIsAnIdentifier(String path, String expected) {
    assertThat(route(path)).isEqualTo(expected);
  }

  @Test
  void aScanMakesFewRoutes() {
    Routes routes = new Routes(List.of(), Routes.Unmatched.HEURISTIC, 10);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      String name = Integer.toString(i, 26).replaceAll("[0-9]", "z") + "x".repeat(i % 20);
      names.add(routes.route("/" + name + "/" + name).orElseThrow());
    }
    assertThat(names).hasSizeLessThanOrEqualTo(Routes.MOST_ROUTES + 1);
    assertThat(routes.route("/orders/12")).as("names beyond the bound").contains("/*/{id}");
  }

  @Test
  void whatNobodyAnswersForTeachesNoNames() {
    Routes routes = new Routes(List.of(), Routes.Unmatched.HEURISTIC, 10);
    for (int i = 0; i < 500; i++) {
      String name = Integer.toString(i, 26).replaceAll("[0-9]", "z") + "x".repeat(i % 20);
      assertThat(routes.route("/" + name, false)).contains("/*");
    }
    assertThat(routes.route("/orders", true)).contains("/orders");
    assertThat(routes.route("/orders", false)).contains("/orders");
  }

  @ParameterizedTest
  @CsvSource({
    "/orders/17, /orders/17",
    "/users/6f1a9ec2-0b1d-4a7e-9c55-3f2f0d9e8b7a, /users/6f1a9ec2-0b1d-4a7e-9c55-3f2f0d9e8b7a",
    "/x/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln/y, /x/***/y",
    "/hooks/sk_live_4eC39HqLyjWDarjtT1zdp7dc, /hooks/***",
    "/reset-password/a8f3c1d99e, /reset-password/***",
    "/users/ada@example.org/orders, /users/***/orders",
    "/d/Zx9Qw3LmN8vT2rY6uK1pJ4hG, /d/***"
  })
  void secretsAreHiddenInPaths(String path, String expected) {
    assertThat(new Routes(List.of(), Routes.Unmatched.HEURISTIC, 10).withoutSecrets(path))
        .isEqualTo(expected);
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
