package dev.troth.server.console.explore;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.page.Slots;
import dev.troth.server.registry.Catalogue;
import dev.troth.server.registry.Catalogue.Entry;
import java.util.List;
import java.util.Locale;

/** The contracts of the registry. */
public record ContractsPage(Listing<Entry> contracts, int from) {
  private static final int SHOWN = 50;

  private static final Slots<ContractsPage> SLOTS =
      new Slots<ContractsPage>()
          .text("contracts.state", page -> page.contracts.state())
          .text("contracts.trouble", page -> page.contracts.trouble())
          .text(
              "contracts.summary",
              page -> Formats.counted(page.shown().size(), "contract", "contracts") + page.where())
          .text("contracts.firstHidden", page -> Formats.yes(page.from == 0))
          .text("contracts.next", page -> String.valueOf(page.from + SHOWN))
          .text("contracts.nextHidden", page -> Formats.yes(!page.hasMore()))
          .each(
              "contracts",
              ContractsPage::shown,
              new Slots<Entry>()
                  .text("path", entry -> Formats.pathOf(entry.subject()))
                  .text("name", Entry::subject)
                  .text("language", entry -> language(entry.language()))
                  .text("version", entry -> String.valueOf(entry.version()))
                  .text("level", entry -> level(entry.level()))
                  .text(
                      "consumers",
                      entry -> Formats.counted(entry.consumers(), "consumer", "consumers")));

  /** The page over its services. */
  public static Page<ContractsPage> with(Catalogue catalogue) {
    return Page.at(
        "/contracts",
        "contracts.html",
        SLOTS,
        visit -> {
          int from = (int) Math.min(visit.number("from", 0), Integer.MAX_VALUE / 2);
          return new ContractsPage(
              Listing.ask("Contracts", () -> catalogue.list(from, SHOWN + 1)), from);
        });
  }

  static String language(String kind) {
    return kind.equals("AVRO") ? "Avro" : "JSON Schema";
  }

  /** {@code BACKWARD_TRANSITIVE} as {@code backward transitive}. */
  static String level(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private List<Entry> shown() {
    return contracts.rows().stream().limit(SHOWN).toList();
  }

  private boolean hasMore() {
    return contracts.rows().size() > SHOWN;
  }

  private String where() {
    return from > 0 || hasMore() ? " on this page" : "";
  }
}
