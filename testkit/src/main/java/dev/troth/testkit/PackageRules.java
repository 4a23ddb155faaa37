package dev.troth.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rules about the packages of one module: {@code PackageRules.ofThisModule().haveNoCircles()}. */
public final class PackageRules {
  private static final String ALL = "dev.troth";

  private final JavaClasses classes;

  private PackageRules(JavaClasses classes) {
    this.classes = classes;
  }

  /** The packages of the module in the working folder, without tests; fails if there are none. */
  public static PackageRules ofThisModule() {
    JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    if (classes.isEmpty()) {
      throw new AssertionError("there is no class below target/classes");
    }
    return new PackageRules(classes);
  }

  /** Packages build on each other in one direction; a package and those below it are several. */
  public PackageRules haveNoCircles() {
    slices().matching(ALL + ".(**)").should().beFreeOfCycles().check(classes);
    return this;
  }

  /** Nothing is used but the JDK, JSpecify, and these; a name ending in {@code ..} is a tree. */
  public PackageRules useTheJdkAnd(String... packages) {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            Stream.concat(
                    Stream.of("java..", "javax.net..", "javax.crypto..", "org.jspecify.."),
                    Stream.of(packages))
                .toArray(String[]::new))
        .check(classes);
    return this;
  }

  /** No package has more classes in files of their own than this, except those named here. */
  public PackageRules haveAtMost(int files, Map<String, Integer> exceptions) {
    Map<String, Integer> count = new TreeMap<>();
    classes.stream()
        .filter(type -> type.getEnclosingClass().isEmpty() && !isPackageInfo(type))
        .forEach(type -> count.merge(type.getPackageName(), 1, Integer::sum));
    count.forEach((name, of) -> {
      int most = exceptions.getOrDefault(name, files);
      if (of > most) {
        throw new AssertionError(
            "%s has %d files, expected at most %d: a package is one concept"
                .formatted(name, of, most));
      }
    });
    return this;
  }

  private static boolean isPackageInfo(JavaClass type) {
    return type.getSimpleName().equals("package-info");
  }

  /** No source file of the module in the working folder is longer than this. */
  public PackageRules haveFilesUpTo(int lines) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        long length;
        try (Stream<String> content = Files.lines(file)) {
          length = content.count();
        }
        if (length > lines) {
          throw new AssertionError(
              "%s has %d lines, expected at most %d".formatted(file, length, lines));
        }
      }
    }
    return this;
  }

  /** Each class keeps this condition, which has a name that completes "classes should". */
  public PackageRules keep(String condition, Function<JavaClass, String> fault) {
    classes()
        .should(
            new ArchCondition<>(condition) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                String wrong = fault.apply(type);
                events.add(new SimpleConditionEvent(type, wrong.isEmpty(), wrong));
              }
            })
        .check(classes);
    return this;
  }
}
