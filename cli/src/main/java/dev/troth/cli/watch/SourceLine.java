package dev.troth.cli.watch;

import org.jspecify.annotations.Nullable;

/** A source; {@link #toString} is its line in a list. */
record SourceLine(
    String name,
    String subject,
    String url,
    @Nullable Long every,
    @Nullable String pointer,
    @Nullable String select,
    @Nullable Stream stream,
    String health,
    @Nullable Long lag,
    @Nullable String lastError,
    long changes,
    @Nullable Long lastChange) {

  /** What waits at the other end of a stream. */
  record Stream(long behind, String unit, String farEnd) {
    @Override
    public String toString() {
      return farEnd.isEmpty() ? "" : "  %s, %,d %s wait".formatted(farEnd, behind, unit);
    }
  }

  @Override
  public String toString() {
    String part =
        select != null
            ? " by " + select
            : pointer == null || pointer.isEmpty() ? "" : " at " + pointer;
    String seen = lag == null ? "never seen" : "seen %ds ago".formatted(lag);
    String told = lastChange == null ? "" : "  last change " + lastChange;
    String error = lastError == null ? "" : "  " + lastError;
    String pace = every == null ? "" : "  every %ds".formatted(every);
    String streamed = stream == null ? "" : "  %d changes%s".formatted(changes, stream);
    return "%s  %s  %s  %s%s%s  %s%s%s%s"
        .formatted(name, health, subject, url, part, pace, seen, streamed, told, error);
  }
}
