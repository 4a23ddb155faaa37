package dev.troth.slo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this room may use, and that its packages build on each other in one direction. */
final class HouseTest {
  private static final JavaClasses SLO =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.troth.slo");

  @Test
  void theLibraryUsesTheJdkAndOneReaderAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.troth.slo..",
            "java.lang..",
            "java.util..",
            "java.time..",
            "org.jspecify..",
            "org.snakeyaml.engine..")
        .check(SLO);
  }

  @Test
  void packagesBuildOnEachOtherInOneDirection() {
    slices().matching("dev.troth.slo.(*)..").should().beFreeOfCycles().check(SLO);
  }
}
