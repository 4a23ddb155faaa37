package dev.troth.server.console;

import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.explore.ContractPage;
import dev.troth.server.console.explore.ContractsPage;
import dev.troth.server.console.explore.GatePage;
import dev.troth.server.console.explore.MapPage;
import dev.troth.server.console.explore.PartsPage;
import dev.troth.server.console.explore.SearchPage;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.trace.TracePage;
import dev.troth.server.console.trace.TracesPage;
import java.util.List;

/** The list of pages; those for people who are not signed in, or lost, are not among them. */
final class Pages {
  private Pages() {}

  static List<Page<?>> of(Services services) {
    return List.of(
        OverviewPage.with(services),
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
        PartsPage.page());
  }
}
