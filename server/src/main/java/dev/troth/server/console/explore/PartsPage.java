package dev.troth.server.console.explore;

import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;

/** What pages are made of, for who builds them: in development mode alone. */
public record PartsPage() {
  private static final Slots<PartsPage> SLOTS = new Slots<>();

  /** The page, which shows nothing of the platform. */
  public static Page<PartsPage> page() {
    return Page.at("/-/parts", "parts.html", SLOTS, PartsPage::of);
  }

  private static PartsPage of(Visit visit) {
    if (!visit.caller().development()) {
      throw new DomainException.NotFound("there is nothing at /-/parts");
    }
    return new PartsPage();
  }
}
