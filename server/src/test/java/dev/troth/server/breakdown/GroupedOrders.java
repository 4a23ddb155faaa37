package dev.troth.server.breakdown;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The objectives of the orders example, counted by an attribute. */
public final class GroupedOrders {
  private static final Path FILE =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  private GroupedOrders() {}

  /** Writes the example's file into a folder, with this after {@code groupBy}. */
  public static Path file(Path folder, String groupBy) {
    try {
      String plain = Files.readString(FILE);
      String grouped = plain.replaceFirst("\n  retries: strict", "\n  groupBy: " + groupBy + "$0");
      if (grouped.equals(plain)) {
        throw new IllegalStateException(FILE + " has no 'retries: strict'");
      }
      return Files.writeString(folder.resolve("grouped.yaml"), grouped);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
