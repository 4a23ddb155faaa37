package dev.troth.server.registry.schema;

/** Numbers of versions as clients write them. */
public final class Versions {
  public static final int LATEST = -1;

  private Versions() {}

  /** From 1 on, or {@link #LATEST}; else 42202. */
  public static int number(String version) {
    if (version.equals("latest") || version.equals("-1")) {
      return LATEST;
    }
    if (version.matches("[1-9]\\d{0,9}") && Long.parseLong(version) <= Integer.MAX_VALUE) {
      return Integer.parseInt(version);
    }
    throw RegistryException.invalidVersion(version);
  }
}
