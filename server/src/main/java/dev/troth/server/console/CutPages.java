package dev.troth.server.console;

import dev.troth.server.console.page.BuiltPage;
import dev.troth.server.console.page.Slots;

/** Every page of the site, cut. Making it checks that each slot of each page has a value. */
record CutPages(
    BuiltPage<Screen<OverviewPage>> overview,
    BuiltPage<Screen<PageState>> record,
    BuiltPage<Screen<PageState>> inbox,
    BuiltPage<Screen<PageState>> watches,
    BuiltPage<Login> login,
    BuiltPage<Message> message) {

  /**
   * Cuts the pages of a site.
   *
   * @throws dev.troth.server.console.page.PageException if a page and its slots do not fit
   */
  static CutPages of(Site site) {
    return new CutPages(
        cut(site, "index.html", Screen.slots(OverviewPage.SLOTS)),
        cut(site, "record.html", Screen.islands(IslandSlots.RECORD)),
        cut(site, "inbox.html", Screen.islands(IslandSlots.INBOX)),
        cut(site, "watches.html", Screen.islands(IslandSlots.WATCHES)),
        cut(site, "login.html", Login.SLOTS),
        cut(site, "message.html", Message.SLOTS));
  }

  private static <V> BuiltPage<V> cut(Site site, String file, Slots<V> slots) {
    return BuiltPage.cut(file, site.page(file), slots);
  }

  /**
   * The form that takes a token.
   *
   * @param back where to go on
   * @param trouble why the last attempt failed, or empty
   */
  record Login(String theme, String back, String trouble) {
    static final Slots<Login> SLOTS =
        new Slots<Login>()
            .text("page.theme", Login::theme)
            .text("login.back", Login::back)
            .text("login.trouble", Login::trouble);
  }

  /** One thing to say, instead of a page. */
  record Message(String theme, String title, String detail) {
    static final Slots<Message> SLOTS =
        new Slots<Message>()
            .text("page.theme", Message::theme)
            .text("message.title", Message::title)
            .text("message.detail", Message::detail);
  }
}
