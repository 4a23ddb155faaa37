package dev.troth.server.console;

import java.util.List;

/** The list of pages; those for people who are not signed in, or lost, are not among them. */
final class Pages {
  private Pages() {}

  static List<Page<?>> of(Services services) {
    return List.of(
        ObjectivesPage.with(services.objectives()),
        ObjectivePage.with(services.objectives()),
        TracesPage.with(services.traces(), services.clock()),
        TracePage.with(services.traces()),
        SettingsPage.with(services.tokens()));
  }
}
