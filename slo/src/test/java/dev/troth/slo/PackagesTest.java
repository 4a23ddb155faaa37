package dev.troth.slo;

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
  void theLibraryUsesTheJdkTheGroundFloorAndPatternsOfRe2() {
    PACKAGES.useTheJdkAnd("dev.troth.slo..", "dev.troth.json..", "com.google.re2j..");
  }

  @Test
  void aPackageIsOneConceptAndAFileCanBeRead() throws IOException {
    PACKAGES.haveAtMost(25, Map.of()).haveFilesUpTo(400);
  }
}
