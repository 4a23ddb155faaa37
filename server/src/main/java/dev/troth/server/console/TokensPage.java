package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.console.page.Slots;

/** Who is signed in, and the tokens there are. */
record TokensPage(Listing<Doc> tokens) {
  static final Slots<TokensPage> SLOTS =
      new Slots<TokensPage>()
          .text("tokens.state", page -> page.tokens.state())
          .text("tokens.trouble", page -> page.tokens.trouble())
          .text(
              "tokens.summary",
              page -> Formats.counted(page.tokens.rows().size(), "token", "tokens"))
          .each(
              "tokens",
              page -> page.tokens.rows(),
              new Slots<Doc>()
                  .text("id", token -> token.text("id"))
                  .text("subject", token -> token.text("user"))
                  .text("role", token -> token.text("role"))
                  .text("made", token -> token.text("createdAt", Formats.UNKNOWN))
                  .text("expires", token -> token.text("expiresAt", "never"))
                  .text("status", TokensPage::status));

  static TokensPage of(Feeds.Tokens feed, Caller caller) {
    return new TokensPage(Listing.ask("Tokens", () -> new Doc(feed.all(caller)).list("tokens")));
  }

  private static String status(Doc token) {
    return token.text("revokedAt").isEmpty() ? "valid" : "revoked";
  }
}
