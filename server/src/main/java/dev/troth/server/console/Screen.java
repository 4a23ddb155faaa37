package dev.troth.server.console;

import dev.troth.server.console.PageState.Head;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.Json;
import java.util.function.Function;

/**
 * One page for one caller: what every page has, the state its islands share, and its own part.
 *
 * @param <B> what is special to the page
 */
record Screen<B>(Frame frame, PageState state, B body) {

  /**
   * What the frame around every page shows.
   *
   * @param theme {@code light}, {@code dark} or {@code auto}
   * @param path where this page is, for forms that come back to it
   * @param notice a sentence above the page, or empty
   */
  record Frame(String theme, String user, String role, String path, String notice, String version) {
    static final Slots<Frame> SLOTS =
        new Slots<Frame>()
            .text("theme", Frame::theme)
            .text("user", Frame::user)
            .text("initial", frame -> frame.user.substring(0, frame.user.offsetByCodePoints(0, 1)))
            .text("role", Frame::role)
            .text("path", Frame::path)
            .text("notice", Frame::notice)
            .text("noticeHidden", frame -> Formats.yes(frame.notice.isEmpty()))
            .text("version", Frame::version);
  }

  private static final Slots<Head> HEAD =
      new Slots<Head>()
          .text("unread", head -> Formats.grouped(head.unread()))
          .text(
              "unreadLabel",
              head -> Formats.counted(head.unread(), "unread notification", "unread notifications"))
          .text("anyUnread", head -> Formats.yes(head.unread() > 0))
          .text("watches", head -> Formats.grouped(head.watches()))
          .text("watchesLabel", head -> Formats.counted(head.watches(), "subject", "subjects"))
          .text("burning", head -> Formats.grouped(head.burning()))
          .text("burningLabel", head -> Formats.counted(head.burning(), "burning", "burning"))
          .text("anyBurning", head -> Formats.yes(head.burning() > 0));

  /** The slots of a whole page, given those of its own part. */
  static <B> Slots<Screen<B>> slots(Slots<B> own) {
    return frame(Function.<Screen<B>>identity()).with("", Screen::body, own);
  }

  /** The slots of a page whose own part is shown by islands, from the state. */
  static Slots<Screen<PageState>> islands(Slots<PageState> own) {
    return frame(Function.<Screen<PageState>>identity()).with("", Screen::state, own);
  }

  private static <B> Slots<Screen<B>> frame(Function<Screen<B>, Screen<B>> screen) {
    return new Slots<Screen<B>>()
        .with("page.", screen.andThen(Screen::frame), Frame.SLOTS)
        .with("head.", screen.andThen(s -> s.state().head()), HEAD)
        .state(s -> Json.mapper().writeValueAsString(s.state()));
  }
}
