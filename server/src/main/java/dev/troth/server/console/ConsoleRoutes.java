package dev.troth.server.console;

import dev.troth.server.audit.Audit;
import dev.troth.server.console.link.LinkRoutes;
import dev.troth.server.console.site.AssetRoutes;
import dev.troth.server.console.site.Site;
import dev.troth.server.db.Database;
import dev.troth.server.endpoint.Endpoints;
import dev.troth.server.endpoint.LinkedDeeds;
import dev.troth.server.feed.Feeds;
import dev.troth.server.gate.PlatformGate;
import dev.troth.server.group.Groups;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.Logins;
import dev.troth.server.inbox.Inbox;
import dev.troth.server.incident.Incidents;
import dev.troth.server.objective.Objectives;
import dev.troth.server.oncall.Escalations;
import dev.troth.server.openid.SignIn;
import dev.troth.server.record.Records;
import dev.troth.server.registry.Catalogue;
import dev.troth.server.source.Sources;
import dev.troth.server.subject.Subjects;
import dev.troth.server.terms.PersonalTerms;
import dev.troth.server.trace.BadRequests;
import dev.troth.server.trace.ServiceMaps;
import dev.troth.server.trace.Traces;
import dev.troth.server.watch.Watches;
import dev.troth.server.why.Explanations;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/** The console: its pages, the forms on them, its sessions, and its assets. */
public final class ConsoleRoutes implements Routes {
  private final Services services;
  private final Database database;
  private final PathPrefix base;
  private final String version;
  private final Optional<URI> demo;
  private Optional<PageRoutes> pages = Optional.empty();

  /**
   * What belongs to one user: how they are known, where they are reached, on which terms, and with
   * whom.
   */
  public record Account(
      AccessTokens tokens,
      Logins logins,
      Optional<SignIn> openId,
      Endpoints endpoints,
      LinkedDeeds linkedDeeds,
      Feeds feeds,
      PersonalTerms terms,
      Team team) {}

  /** With whom a user is told, and after whom they are paged. */
  public record Team(Groups groups, Escalations escalations) {}

  /**
   * What one page or two show: the registry, verdicts on tokens, who calls whom, incidents, the bad
   * requests of objectives, why somebody was told, where changes come from, and who did what.
   */
  public record Views(
      Catalogue contracts,
      PlatformGate gate,
      ServiceMaps maps,
      Incidents incidents,
      BadRequests badRequests,
      Explanations explanations,
      Sources sources,
      Audit audit) {}

  /** What pages ask and forms tell: the services of the platform's slices. */
  public record Services(
      Records records,
      Subjects subjects,
      Watches watches,
      Inbox inbox,
      Account account,
      Objectives objectives,
      Traces traces,
      Views views,
      Clock clock) {}

  /**
   * The console at a place of its host.
   *
   * @param database whose commits say whether what was shown is so still
   * @param demo where the mailbox of a demo answers; empty unless the platform is part of one
   */
  public ConsoleRoutes(
      Services services, Database database, PathPrefix base, String version, Optional<URI> demo) {
    this.services = services;
    this.database = database;
    this.base = base;
    this.version = version;
    this.demo = demo;
  }

  /**
   * Reads and cuts the built site, then adds its paths.
   *
   * @throws dev.troth.server.console.page.PageException if a page has a slot that nothing fills
   */
  @Override
  public void addTo(HttpRules rules) {
    Site site = Site.bundled().below(base);
    new LinkRoutes(site, services.account().linkedDeeds(), LoginRoutes::theme).addTo(rules);
    if (site.isAbsent()) {
      String why = "There is no console: " + site.absence() + ". The API is at /api.\n";
      rules.get(
          "/",
          (request, response) ->
              response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8").send(why));
      return;
    }
    PageRoutes added = new PageRoutes(site, services, database, version, demo);
    added.addTo(rules);
    pages = Optional.of(added);
    new LoginRoutes(site, services.account().logins(), services.account().openId()).addTo(rules);
    new AssetRoutes(site).addTo(rules);
  }

  @Override
  public boolean answersProblem(ServerRequest request, ServerResponse response, Problem problem) {
    return pages.map(routes -> routes.answersProblem(request, response, problem)).orElse(false);
  }
}
