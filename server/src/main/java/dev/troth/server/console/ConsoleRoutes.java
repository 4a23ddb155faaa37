package dev.troth.server.console;

import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import java.time.Clock;

/** The console: its pages, the forms on them, its sessions, and its assets. */
public final class ConsoleRoutes implements Routes {
  private final Feeds feeds;
  private final Services services;
  private final SignIn signIn;
  private final Screens screens;

  public ConsoleRoutes(Feeds feeds, Services services, SignIn signIn, Clock clock, String version) {
    this.feeds = feeds;
    this.services = services;
    this.signIn = signIn;
    this.screens = new Screens(feeds, services.objectives(), clock, version);
  }

  /**
   * Reads and cuts the built site, then adds its paths.
   *
   * @throws dev.troth.server.console.page.PageException if a page has a slot that nothing fills
   */
  @Override
  public void addTo(HttpRules rules) {
    Site site = Site.bundled();
    if (site.isAbsent()) {
      String why = "There is no console: " + site.absence() + ". The API is at /api.\n";
      rules.get(
          "/",
          (request, response) ->
              response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8").send(why));
      return;
    }
    CutPages pages = CutPages.of(site);
    new PageRoutes(site, Pages.of(services), pages, screens, feeds.changes()).addTo(rules);
    new SessionRoutes(pages, signIn).addTo(rules);
    new AssetRoutes(site).addTo(rules);
  }
}
