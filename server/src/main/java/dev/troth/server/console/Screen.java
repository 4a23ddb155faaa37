package dev.troth.server.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.console.Screen.WatchlistState.Watched;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page for one caller: what every page has, the state its islands share, and its own part.
 *
 * @param <V> what is special to the page
 */
record Screen<V>(Frame frame, WatchlistState state, V body) {

  /**
   * What the islands of a page share: the counts of its header and its watch button. The members
   * are those of the site's {@code model.ts}.
   *
   * @param epoch names the change log
   * @param rev the change log's last sequence number, read before everything else here, so that a
   *     page is at worst told twice of a change and never misses one
   * @param now the platform's time
   * @param user who looks
   * @param watches how many watches the user has
   * @param burning objectives that page or ticket now
   * @param watched the subject of the page, if it has one that can be watched
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WatchlistState(
      String epoch,
      long rev,
      Instant now,
      String user,
      long unread,
      long watches,
      long burning,
      @Nullable Watched watched) {

    /** The subject of a page, and whether the user watches it. */
    record Watched(String target, boolean on) {}
  }

  /**
   * What the frame around every page shows.
   *
   * @param theme {@code light}, {@code dark} or {@code auto}
   * @param writes whether the user may change anything
   * @param admin whether the user is an administrator
   * @param path where this page is, for forms that come back to it
   * @param notice a sentence above the page, or empty
   */
  record Frame(
      String theme,
      String user,
      String role,
      boolean writes,
      boolean admin,
      String path,
      String notice,
      String version) {
    static final Slots<Frame> SLOTS =
        new Slots<Frame>()
            .text("theme", Frame::theme)
            .text("user", Frame::user)
            .text("initial", frame -> frame.user.substring(0, frame.user.offsetByCodePoints(0, 1)))
            .text("role", Frame::role)
            .text("adminHidden", frame -> Formats.yes(!frame.admin))
            .text("writes", frame -> Formats.yes(frame.writes))
            .text("path", Frame::path)
            .text("notice", Frame::notice)
            .text("noticeHidden", frame -> Formats.yes(frame.notice.isEmpty()))
            .text("version", Frame::version);
  }

  private static final Slots<WatchlistState> HEAD =
      new Slots<WatchlistState>()
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

  /** The watch button; what the site's {@code views/watch.ts} derives from the same state. */
  private static final Slots<Optional<Watched>> WATCH =
      new Slots<Optional<Watched>>()
          .text("watching", watched -> Formats.yes(isOn(watched)))
          .text("label", watched -> isOn(watched) ? "Unwatch" : "Watch")
          .text("action", watched -> isOn(watched) ? "unwatch" : "watch")
          .text(
              "hint",
              watched ->
                  isOn(watched)
                      ? "You are told when others change it."
                      : "Be told when it changes.");

  private static boolean isOn(Optional<Watched> watched) {
    return watched.map(Watched::on).orElse(false);
  }

  /** The slots of a whole page, given those of its own part. */
  static <V> Slots<Screen<V>> slots(Slots<V> own) {
    Function<Screen<V>, Screen<V>> screen = Function.identity();
    return new Slots<Screen<V>>()
        .with("page.", screen.andThen(Screen::frame), Frame.SLOTS)
        .with("head.", screen.andThen(Screen::state), HEAD)
        .with("watch.", s -> Optional.ofNullable(s.state().watched()), WATCH)
        .with("", Screen::body, own)
        .state(s -> Json.mapper().writeValueAsString(s.state()));
  }
}
