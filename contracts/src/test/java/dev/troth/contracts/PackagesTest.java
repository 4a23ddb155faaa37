package dev.troth.contracts;

import dev.troth.testkit.PackageRules;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the packages of this room build on each other. */
class PackagesTest {
  private static final PackageRules PACKAGES = PackageRules.ofThisModule();

  @Test
  void packagesBuildOnEachOtherInOneDirection() {
    PACKAGES.haveNoCircles();
  }

  @Test
  void theLibraryUsesTheJdkAloneAndOptionalReaders() {
    PACKAGES.useTheJdkAnd(
        "dev.troth.contracts..", "dev.troth.json..", "dev.troth.cel..", "org.apache.avro..");
  }

  @Test
  void aPackageIsOneConceptAndAFileCanBeRead() throws IOException {
    PACKAGES.haveAtMost(25, Map.of("dev.troth.contracts.proof", 26)).haveFilesUpTo(400);
  }
}
