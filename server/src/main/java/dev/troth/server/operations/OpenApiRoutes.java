package dev.troth.server.operations;

import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** {@code /api/openapi.json}: every route of the API and what it answers, for tools and people. */
public final class OpenApiRoutes implements Routes {
  private static final String RESOURCE = "/openapi/openapi.json";

  @Override
  public void addTo(HttpRules rules) {
    byte[] document = document();
    rules.get(
        "/api/openapi.json",
        (request, response) ->
            response.header(HeaderNames.CONTENT_TYPE, "application/json").send(document));
  }

  private static byte[] document() {
    try (InputStream stream = OpenApiRoutes.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("the jar has no %s".formatted(RESOURCE));
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
