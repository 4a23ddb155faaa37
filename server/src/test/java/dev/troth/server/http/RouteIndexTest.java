package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.http.KnownRoutes.RouteIndex;
import io.helidon.common.uri.UriFragment;
import io.helidon.common.uri.UriPath;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.webserver.http.HttpRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The index leads to the very route that asking one after the other would have. */
class RouteIndexTest {
  private static final List<String> PATTERNS =
      List.of(
          "/a/{id}",
          "/a/b",
          "/a/{+id}",
          "/{id}/b",
          "/b/{id}/a",
          "/b/a/{id}",
          "/b/*",
          "/b",
          "/b/{+id}",
          "/a.b/{id}",
          "/*");
  private static final List<String> WRITTEN =
      List.of("/a", "/b/{id}", "/a/{id}/b", "/a/b/{id}/a", "/");
  private static final List<String> PIECES =
      List.of("/", "/", "/", "a", "b", "a.b", "%61", "%2F", "..", ".", ";x=1", "+", "//", "c", ":");

  @Test
  void theIndexFindsWhatAskingInOrderFinds() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int found = 0;
    for (int round = 0; round < 200; round++) {
      List<HttpRoute> routes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        routes.add(route(random));
      }
      RouteIndex index = new RouteIndex(routes);
      for (int i = 0; i < 100; i++) {
        HttpPrologue asked = asked(random);
        String path = asked.uriPath().rawPath();
        String expected =
            routes.stream()
                .filter(route -> route.accepts(asked).accepted())
                .findFirst()
                .map(RouteIndexTest::template)
                .orElse("none");
        assertThat(index.find(asked).map(RouteIndex.Found::template).orElse("none"))
            .as("seed %d: %s among %s", seed, path, routes.stream().map(RouteIndexTest::template))
            .isEqualTo(expected);
        found += expected.equals("none") ? 0 : 1;
      }
    }
    assertThat(found).as("seed " + seed).isGreaterThan(3_000);
  }

  private static HttpRoute route(Random random) {
    HttpRoute.Builder builder =
        HttpRoute.builder()
            .methods(random.nextBoolean() ? Method.GET : Method.POST)
            .handler((request, response) -> {});
    return random.nextInt(3) == 0
        ? builder.path(new WrittenPath(one(random, WRITTEN))).build()
        : builder.path(one(random, PATTERNS)).build();
  }

  private static String one(Random random, List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static HttpPrologue asked(Random random) {
    StringBuilder path = new StringBuilder("/");
    path.append(random.nextBoolean() ? "a" : "b");
    for (int i = random.nextInt(7); i > 0; i--) {
      path.append(one(random, PIECES));
    }
    return HttpPrologue.create(
        "HTTP/1.1",
        "HTTP",
        "1.1",
        random.nextBoolean() ? Method.GET : Method.POST,
        UriPath.create(path.toString()),
        UriQuery.empty(),
        UriFragment.empty());
  }

  private static String template(HttpRoute route) {
    return route.pathMatcher().flatMap(PathMatcher::matchingElement).orElse("");
  }
}
