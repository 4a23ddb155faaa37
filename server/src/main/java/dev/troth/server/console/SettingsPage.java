package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.TokenView;

/** Who is signed in, and the tokens that they may see. */
record SettingsPage(Listing<TokenView> tokens) {
  private static final Slots<SettingsPage> SLOTS =
      new Slots<SettingsPage>()
          .text("tokens.state", page -> page.tokens.state())
          .text("tokens.trouble", page -> page.tokens.trouble())
          .text(
              "tokens.summary",
              page -> Formats.counted(page.tokens.rows().size(), "token", "tokens"))
          .each(
              "tokens",
              page -> page.tokens.rows(),
              new Slots<TokenView>()
                  .text("id", TokenView::id)
                  .text("subject", TokenView::user)
                  .text("role", token -> token.role().toString())
                  .text("made", token -> token.createdAt().toString())
                  .text("expires", token -> token.expiresAt().toString())
                  .text("status", token -> token.revokedAt() == null ? "valid" : "revoked"));

  static Page<SettingsPage> with(AccessTokens tokens) {
    return Page.at(
        "/settings",
        "settings.html",
        SLOTS,
        visit -> new SettingsPage(Listing.ask("Tokens", () -> tokens.visibleTo(visit.caller()))));
  }
}
