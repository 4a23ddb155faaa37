package dev.troth.server.console.frame;

import dev.troth.server.auth.Role;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.FormBody;
import dev.troth.watch.change.Subject;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A page of the console: where it is, the built file that it fills, what it shows one caller, and
 * what its forms do.
 *
 * <pre>{@code
 * record SettingsPage(List<TokenView> tokens) {
 *   static Page<SettingsPage> with(AccessTokens tokens) {
 *     return Page.at(
 *         "/settings",
 *         "settings.html",
 *         SLOTS,
 *         visit -> new SettingsPage(tokens.visibleTo(visit.caller())));
 *   }
 * }
 * }</pre>
 *
 * @param path the pattern of its path; what it calls {@code id} is {@link Visit#id}
 * @param file its file in the built site
 * @param view reads what the page shows; a {@link dev.troth.server.error.DomainException} is shown
 *     in its place
 * @param subject what the page is of, for its watch button
 * @param isKept whether it may be shown again to the same caller, without being read again, while
 *     nothing was committed to the database and no word for a time is another. It then shows
 *     nothing else that moves, and takes its times from {@link Visit#moment}
 * @param <V> what is special to the page
 */
public record Page<V>(
    String path,
    String file,
    Slots<V> slots,
    Function<Visit, V> view,
    Function<V, Optional<Subject>> subject,
    Optional<Forms> forms,
    boolean isKept) {

  /** What the forms of a page do; the field {@code do} says which of them was sent. */
  @FunctionalInterface
  public interface Action {
    void perform(FormBody form, Visit visit);
  }

  /** Pages that can be asked for as they stood at an instant. */
  private static final Set<String> AS_OF =
      Set.of("/", "/objectives", "/objectives/{+id}", "/incidents", "/traces/{id}");

  /**
   * The forms of a page.
   *
   * @param needed the least role that may send them
   */
  public record Forms(Role needed, Action action) {}

  /** A page without forms that nobody watches. */
  public static <V> Page<V> at(String path, String file, Slots<V> slots, Function<Visit, V> view) {
    return new Page<>(
        path,
        file,
        slots,
        AS_OF.contains(path) ? view : ofNow(view),
        page -> Optional.empty(),
        Optional.empty(),
        false);
  }

  /** What is of now alone is not shown as if it were of then. */
  private static <V> Function<Visit, V> ofNow(Function<Visit, V> view) {
    return visit -> {
      visit.refuse("at");
      return view.apply(visit);
    };
  }

  /** The same page with a subject that can be watched. */
  public Page<V> of(Function<V, Subject> what) {
    return new Page<>(path, file, slots, view, what.andThen(Optional::of), forms, isKept);
  }

  /** The same page, which may be kept. */
  public Page<V> keeping() {
    return new Page<>(path, file, slots, view, subject, forms, true);
  }

  /** The same page with forms for members. */
  public Page<V> taking(Action what) {
    return takingFrom(Role.MEMBER, what);
  }

  /** The same page with forms of which each asks for the right that it needs. */
  public Page<V> takingFrom(Role least, Action what) {
    return new Page<>(
        path, file, slots, view, subject, Optional.of(new Forms(least, what)), isKept);
  }
}
