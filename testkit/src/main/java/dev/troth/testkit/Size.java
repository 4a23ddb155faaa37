package dev.troth.testkit;

/** How much a test does: {@code small} in every build, {@code full} before an issue is resolved. */
public enum Size {
  SMALL,
  FULL;

  /** The size of this run, from {@code -Dsize=small|full}. */
  public static Size ofThisRun() {
    String size = System.getProperty("troth.size", "small");
    return switch (size) {
      case "small" -> SMALL;
      case "full" -> FULL;
      default ->
          throw new IllegalArgumentException("size is '" + size + "', expected small or full");
    };
  }

  /** The count of the current size. */
  public static int count(int small, int full) {
    return ofThisRun() == FULL ? full : small;
  }
}
