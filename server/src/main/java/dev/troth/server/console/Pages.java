package dev.troth.server.console;

import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.explore.AuditPage;
import dev.troth.server.console.explore.ContractPage;
import dev.troth.server.console.explore.ContractsPage;
import dev.troth.server.console.explore.GatePage;
import dev.troth.server.console.explore.MapPage;
import dev.troth.server.console.explore.PartsPage;
import dev.troth.server.console.explore.SearchPage;
import dev.troth.server.console.explore.TourPage;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.trace.TracePage;
import dev.troth.server.console.trace.TracesPage;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The list of pages; those for people who are not signed in, or lost, are not among them. */
final class Pages {
  private Pages() {}

  /**
   * All of them.
   *
   * @param demo where the mailbox of a demo answers, whose tour is a page then
   */
  static List<Page<?>> of(Services services, Optional<URI> demo) {
    List<Page<?>> pages = new ArrayList<>(usual(services, demo.isPresent()));
    demo.ifPresent(address -> pages.add(TourPage.with(toured(services), address)));
    return List.copyOf(pages);
  }

  private static TourPage.Toured toured(Services services) {
    return new TourPage.Toured(
        services.subjects(),
        services.objectives(),
        services.traces(),
        services.views().incidents(),
        services.inbox(),
        services.clock());
  }

  private static List<Page<?>> usual(Services services, boolean isDemo) {
    return List.of(
        OverviewPage.with(services, isDemo),
        IncidentsPage.with(services.views().incidents(), services.clock()),
        ObjectivesPage.with(services.objectives()),
        ObjectivePage.with(
            services.objectives(), services.views().incidents(), services.views().badRequests()),
        TracesPage.with(services.traces()),
        TracePage.with(services.traces(), services.subjects()),
        MapPage.with(services.views().maps()),
        ContractsPage.with(services.views().contracts()),
        ContractPage.with(services.views().contracts(), services.watches(), services.clock()),
        GatePage.with(services.views().gate(), services.clock()),
        SearchPage.with(
            new SearchPage.Searched(
                services.subjects(), services.objectives(), services.traces(), services.clock())),
        RecordPage.with(services),
        SubjectPage.with(services.subjects()),
        ChangePage.with(services.views().explanations()),
        InboxPage.with(services.inbox(), services.account().team().escalations()),
        OncallPage.with(services.account().team(), services.clock()),
        SourcesPage.with(services.views().sources()),
        WatchesPage.with(services.watches(), services.clock()),
        SettingsPage.with(services.account()),
        AuditPage.with(services.views().audit(), services.clock()),
        PartsPage.page());
  }
}
