package dev.troth.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of public test suites that {@code TROTH_SUITES} names. */
public final class Suites {
  private Suites() {}

  /** The folder of one suite, or the test is skipped with the reason. */
  public static Path require(String suite) {
    String root = System.getenv("TROTH_SUITES");
    assumeTrue(root != null, "TROTH_SUITES is not set: ./build suites DIR fetches the suites");
    Path folder = Path.of(root, suite);
    assumeTrue(Files.isDirectory(folder), "TROTH_SUITES has no folder " + suite);
    return folder;
  }
}
