package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.TokenView;
import java.util.List;
import java.util.Optional;

/** Who is signed in, and the tokens that they may see. */
record SettingsPage(Listing<TokenView> tokens, boolean later) {
  private static final int SHOWN = 50;

  private static final Slots<SettingsPage> SLOTS =
      new Slots<SettingsPage>()
          .text("tokens.state", page -> page.tokens.state())
          .text("tokens.trouble", page -> page.tokens.trouble())
          .text(
              "tokens.summary",
              page ->
                  Formats.counted(page.shown().size(), "token", "tokens")
                      + (page.later || !page.next().isEmpty() ? " on this page" : ""))
          .text("tokens.firstHidden", page -> Formats.yes(!page.later))
          .text("tokens.next", SettingsPage::next)
          .text("tokens.nextHidden", page -> Formats.yes(page.next().isEmpty()))
          .each(
              "tokens",
              SettingsPage::shown,
              new Slots<TokenView>()
                  .text("id", TokenView::id)
                  .text("subject", TokenView::user)
                  .text("role", token -> token.role().toString())
                  .text("made", token -> token.createdAt().toString())
                  .text("expires", token -> token.expiresAt().toString())
                  .text("status", token -> token.revokedAt() == null ? "valid" : "revoked"));

  static Page<SettingsPage> with(AccessTokens tokens) {
    return Page.at("/settings", "settings.html", SLOTS, visit -> of(tokens, visit));
  }

  private static SettingsPage of(AccessTokens tokens, Visit visit) {
    Optional<String> before = Optional.ofNullable(visit.query().get("before"));
    return new SettingsPage(
        Listing.ask("Tokens", () -> tokens.visibleTo(visit.caller(), before, SHOWN + 1)),
        before.isPresent());
  }

  private List<TokenView> shown() {
    return tokens.rows().stream().limit(SHOWN).toList();
  }

  /** The token before which the next page goes on; empty on the last. */
  private String next() {
    return tokens.rows().size() > SHOWN ? shown().getLast().id() : "";
  }
}
