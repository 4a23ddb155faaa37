package dev.troth.server.console.figure;

import dev.troth.server.error.DomainException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Supplier;

/**
 * Rows of one section of a page, or the reason why there are none. A section that fails says so in
 * its place; the rest of the page stands.
 *
 * @param trouble why the rows could not be had; empty when they could
 */
public record Listing<R>(List<R> rows, String trouble) {
  private static final Logger LOG = System.getLogger("troth.console");

  public static <R> Listing<R> of(List<R> rows) {
    return new Listing<>(rows, "");
  }

  /** Asks for rows; whatever goes wrong becomes this section's trouble. */
  public static <R> Listing<R> ask(String what, Supplier<List<R>> rows) {
    try {
      return of(rows.get());
    } catch (DomainException e) {
      return new Listing<>(List.of(), what + " cannot be shown: " + e.detail());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, what + " cannot be shown on a page", e);
      return new Listing<>(
          List.of(), what + " cannot be shown just now; the platform's log says why.");
    }
  }

  /** Whether the rows could not be had, so that their number says nothing. */
  public boolean failed() {
    return !trouble.isEmpty();
  }

  /** {@code ok}, {@code empty} or {@code error}: which of a section's three faces shows. */
  public String state() {
    return trouble.isEmpty() ? rows.isEmpty() ? "empty" : "ok" : "error";
  }
}
