package dev.troth.cart;

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
  void aPackageIsOneConceptAndAFileCanBeRead() throws IOException {
    PACKAGES.haveAtMost(25, Map.of()).haveFilesUpTo(400);
  }
}
