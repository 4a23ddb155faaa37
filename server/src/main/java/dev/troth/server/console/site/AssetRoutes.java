package dev.troth.server.console.site;

import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** The site's scripts, styles, fonts and icon: compressed when built, kept by browsers. */
public final class AssetRoutes implements Routes {
  private static final HeaderName NO_SNIFF = HeaderNames.create("X-Content-Type-Options");

  private final Site site;

  public AssetRoutes(Site site) {
    this.site = site;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/favicon.svg", (request, response) -> send("favicon.svg", request, response))
        .get(
            "/_astro/{file}",
            (request, response) ->
                send("_astro/" + request.path().pathParameters().get("file"), request, response));
  }

  private void send(String path, ServerRequest request, ServerResponse response) {
    Asset asset = site.assets().get(path);
    if (asset == null) {
      throw Problem.notFound("this site has no file /" + path).toException();
    }
    response
        .header(HeaderNames.ETAG, asset.etag())
        .header(HeaderNames.VARY, "Accept-Encoding")
        .header(
            HeaderNames.CACHE_CONTROL,
            asset.immutable() ? "public, max-age=31536000, immutable" : "public, max-age=3600")
        .header(NO_SNIFF, "nosniff");
    if (request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("").contains(asset.etag())) {
      response.status(Status.NOT_MODIFIED_304).send();
      return;
    }
    String coding = asset.coding(request.headers().first(HeaderNames.ACCEPT_ENCODING).orElse(""));
    if (!coding.equals("identity")) {
      response.header(HeaderNames.CONTENT_ENCODING, coding);
    }
    response
        .header(HeaderNames.CONTENT_TYPE, asset.type())
        .send(asset.forms().getOrDefault(coding, new byte[0]));
  }
}
