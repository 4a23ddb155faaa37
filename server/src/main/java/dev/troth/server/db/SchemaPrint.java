package dev.troth.server.db;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A short text that is the same in all programs with the same steps of the schema. */
final class SchemaPrint {
  private static final int BYTES = 4;

  private SchemaPrint() {}

  /** {@code 291-5f0c1d2e}: the last step and a print of all. */
  static String of(String folder) {
    List<Migration> steps =
        BundledMigrations.of(SchemaPrint.class, folder).stream().sorted().toList();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Migration step : steps) {
        digest.update((step.version() + step.checksum()).getBytes(StandardCharsets.US_ASCII));
      }
      return "%d-%s"
          .formatted(
              steps.getLast().version(), HexFormat.of().formatHex(digest.digest(), 0, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
