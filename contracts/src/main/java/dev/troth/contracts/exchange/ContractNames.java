package dev.troth.contracts.exchange;

/** Names of contracts from names of other things. */
public final class ContractNames {
  private static final int LONGEST = 128;

  private ContractNames() {}

  /** The nearest name of letters, digits, {@code _ . -}. */
  public static String of(String text) {
    String name = text.strip().replaceAll("[^A-Za-z0-9_.-]+", "_").replaceFirst("^[.-]+", "");
    String shortened = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    return shortened.isEmpty() ? "contract" : shortened;
  }
}
