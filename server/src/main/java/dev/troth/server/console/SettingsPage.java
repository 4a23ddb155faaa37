package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import dev.troth.server.console.ConsoleRoutes.Account;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.server.endpoint.EndpointView;
import dev.troth.server.endpoint.Endpoints;
import dev.troth.server.endpoint.Endpoints.EndpointRequest;
import dev.troth.server.error.DomainException;
import dev.troth.server.feed.FeedView;
import dev.troth.server.http.FormBody;
import dev.troth.server.identity.AccessTokens;
import dev.troth.server.identity.TokenView;
import java.util.List;
import java.util.Optional;

/** Who is signed in, where they are reached, and the tokens that they may see. */
record SettingsPage(
    Listing<TokenView> tokens,
    String next,
    boolean later,
    Listing<EndpointView> endpoints,
    List<String> kinds,
    Listing<FeedView> feed,
    TermsSection terms) {
  private static final int SHOWN = 50;

  private static final Slots<SettingsPage> SLOTS =
      new Slots<SettingsPage>()
          .text("endpoints.state", page -> page.endpoints.state())
          .text("endpoints.trouble", page -> page.endpoints.trouble())
          .text(
              "endpoints.summary",
              page -> Formats.counted(page.endpoints.rows().size(), "address", "addresses"))
          .text("endpoints.kinds", page -> String.join(", ", page.kinds))
          .each(
              "endpoints",
              page -> page.endpoints.rows(),
              new Slots<EndpointView>()
                  .text("key", endpoint -> String.valueOf(endpoint.id()))
                  .text("channel", EndpointView::channel)
                  .text("address", EndpointView::address)
                  .text("status", endpoint -> endpoint.state().toString())
                  .text("note", EndpointView::note)
                  .text("testLabel", endpoint -> "Send test to " + endpoint.channel())
                  .text("removeLabel", endpoint -> "Remove " + endpoint.channel())
                  .text("sendLabel", endpoint -> "Send link again for " + endpoint.channel())
                  .text("enableLabel", endpoint -> "Enable " + endpoint.channel())
                  .text("testHidden", endpoint -> Formats.yes(is(endpoint, State.UNVERIFIED)))
                  .text("sendHidden", endpoint -> Formats.yes(!is(endpoint, State.UNVERIFIED)))
                  .text("enableHidden", endpoint -> Formats.yes(!is(endpoint, State.DISABLED))))
          .with("", SettingsPage::terms, TermsSection.SLOTS)
          .text("feed.state", page -> page.feed.state())
          .text("feed.trouble", page -> page.feed.trouble())
          .text(
              "feed.button", page -> page.feed.rows().isEmpty() ? "Make a feed" : "Make a new link")
          .each(
              "feed",
              page -> page.feed.rows(),
              new Slots<FeedView>()
                  .text("url", feed -> feed.url().toString())
                  .text("token", SettingsPage::token)
                  .text("since", feed -> feed.since().toString()))
          .text("tokens.state", page -> page.tokens.state())
          .text("tokens.trouble", page -> page.tokens.trouble())
          .text(
              "tokens.summary",
              page ->
                  Formats.counted(page.tokens.rows().size(), "token", "tokens")
                      + (page.later || !page.next.isEmpty() ? " on this page" : ""))
          .text("tokens.firstHidden", page -> Formats.yes(!page.later))
          .text("tokens.next", SettingsPage::next)
          .text("tokens.nextHidden", page -> Formats.yes(page.next.isEmpty()))
          .each(
              "tokens",
              page -> page.tokens.rows(),
              new Slots<TokenView>()
                  .text("id", TokenView::id)
                  .text("subject", TokenView::user)
                  .text("role", token -> token.role().toString())
                  .text("made", token -> token.createdAt().toString())
                  .text("expires", token -> token.expiresAt().toString())
                  .text("note", TokenView::note)
                  .text("status", SettingsPage::status)
                  .text("revokeLabel", token -> "Revoke " + token.id())
                  .text("revokeHidden", token -> Formats.yes(!status(token).equals("valid"))));

  static Page<SettingsPage> with(Account account) {
    return Page.at("/settings", "settings.html", SLOTS, visit -> of(account, visit))
        .taking((form, visit) -> change(account, form, visit.caller()));
  }

  private static SettingsPage of(Account account, Visit visit) {
    Caller caller = visit.caller();
    Optional<String> before = Optional.ofNullable(visit.query().get("before"));
    String[] next = {""};
    Listing<TokenView> tokens =
        Listing.ask(
            "Tokens",
            () -> {
              AccessTokens.TokenPage page = account.tokens().visibleTo(caller, before, SHOWN);
              next[0] = page.next() == null ? "" : page.next();
              return page.tokens();
            });
    return new SettingsPage(
        tokens,
        next[0],
        before.isPresent(),
        Listing.ask("Addresses", () -> account.endpoints().of(caller, caller.user())),
        account.endpoints().kinds(),
        Listing.ask("The feed", () -> account.feeds().of(caller).stream().toList()),
        TermsSection.of(account.terms(), visit));
  }

  private static void change(Account account, FormBody form, Caller caller) {
    Endpoints endpoints = account.endpoints();
    switch (form.require("do")) {
      case "add" -> {
        String channel = form.require("channel").strip();
        String secret = form.get("secret").strip();
        if (secret.isEmpty() && endpoints.signs(channel)) {
          // A page that is loaded again cannot show once what nobody could see twice.
          throw new DomainException.Invalid(
              "secret is missing, expected the one that its messages are signed with; a new one: "
                  + endpoints.newSecret());
        }
        EndpointView _ =
            endpoints.add(
                caller,
                new EndpointRequest(channel, form.require("address"), secret, caller.user()));
      }
      case "test" -> {
        Endpoints.Tested _ = endpoints.test(caller, form.id("endpoint"));
      }
      case "send" -> {
        EndpointView _ = endpoints.confirm(caller, form.id("endpoint"));
      }
      case "enable" -> {
        EndpointView _ = endpoints.enable(caller, form.id("endpoint"));
      }
      case "forget" -> endpoints.remove(caller, form.id("endpoint"));
      case "revoke" -> account.tokens().revoke(form.require("token"), caller);
      case "feed" -> {
        FeedView _ = account.feeds().make(caller);
      }
      case "unfeed" -> account.feeds().remove(caller, caller.user());
      case "prefer" -> TermsSection.prefer(account.terms(), form, caller);
      case "unprefer" -> TermsSection.unprefer(account.terms(), form, caller);
      case "describe" -> TermsSection.describe(account.terms(), form, caller);
      default ->
          throw form.unknown(
              "do",
              "add, test, send, enable, forget, prefer, unprefer, describe, revoke, feed or"
                  + " unfeed");
    }
  }

  private static String token(FeedView feed) {
    String path = feed.url().getRawPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String status(TokenView token) {
    return token.revokedAt() != null ? "revoked" : token.expired() ? "expired" : "valid";
  }

  private static boolean is(EndpointView endpoint, State state) {
    return endpoint.state() == state;
  }
}
