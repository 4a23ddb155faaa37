package dev.troth.bench;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.troth.server.Main;
import dev.troth.server.ops.StopSignal;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The invariants that ARCHITECTURE.md states, over the classes of every room. */
class ArchitectureTest {
  private static final List<String> LIBRARIES =
      List.of("json", "cel", "contracts", "slo", "gate", "observe", "watch");

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("/testkit/"))
          .withImportOption(location -> !location.contains("/jmh_generated/"))
          .importPackages("dev.troth");

  private static final DescribedPredicate<JavaClass> MAIN =
      outermost("is Main", type -> type.isEquivalentTo(Main.class));

  /**
   * What the sandboxed module keeps between calls: its memory is one instance, it has no objects.
   */
  private static final DescribedPredicate<JavaClass> MODULE_STATE =
      outermost(
          "keep the module's state",
          type ->
              List.of(
                      "dev.troth.gate.module.ModuleMain",
                      "dev.troth.gate.host.LimbKeys",
                      "dev.troth.gate.host.Guarded")
                  .contains(type.getName()));

  /** Judges a nested class by the class around it. */
  private static DescribedPredicate<JavaClass> outermost(
      String description, java.util.function.Predicate<JavaClass> predicate) {
    return DescribedPredicate.describe(
        description,
        type -> {
          JavaClass outer = type;
          while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
          }
          return predicate.test(outer);
        });
  }

  private static DescribedPredicate<JavaClass> named(String... suffixes) {
    return outermost(
        "named *" + String.join(" or *", suffixes),
        type -> List.of(suffixes).stream().anyMatch(type.getSimpleName()::endsWith));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cel", "contracts", "slo", "gate", "observe", "watch"})
  void aLibraryKnowsNoOtherRoomButTheGround(String library) {
    List<String> ground =
        switch (library) {
          case "json", "gate" -> List.of();
          case "cel" -> List.of("json");
          default -> List.of("json", "cel");
        };
    String[] others =
        LIBRARIES.stream()
            .filter(other -> !other.equals(library) && !ground.contains(other))
            .map(other -> "dev.troth." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.troth." + library + "..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(others)
                .or(resideInAnyPackage("dev.troth.server..", "dev.troth.cli..")))
        .check(ALL);
  }

  /**
   * Records that mirror a format which is fixed elsewhere: documents of the API, OTLP, the kernel,
   * rows of a table, the sections of a configuration file.
   */
  private static final Set<String> MIRRORS =
      Set.of(
          "dev.troth.server.change.ChangeView",
          "dev.troth.server.delivery.DeliveryView",
          "dev.troth.server.trace.SpanJson",
          "dev.troth.server.watch.WatchView",
          "dev.troth.server.oncall.OncallStore$Page",
          "dev.troth.server.oncall.PageView",
          "dev.troth.server.source.SourceRequest",
          "dev.troth.server.source.SourceView",
          "dev.troth.server.source.StoredSource",
          "dev.troth.server.terms.PersonalTerms$PreferenceBody",
          "dev.troth.cli.demo.DemoFile$Addresses",
          "dev.troth.cli.watch.SourceLine",
          "dev.troth.orders.order.OrderPlaced",
          "dev.troth.observe.span.Span",
          "dev.troth.server.incident.AlertView",
          "dev.troth.server.incident.IncidentView",
          "dev.troth.observe.config.ObserveConfig",
          "dev.troth.observe.kernel.Architecture$Calls",
          "dev.troth.observe.kernel.Architecture$CallRegisters",
          "dev.troth.observe.capture.KernelLayout$Registers",
          "dev.troth.observe.capture.KernelLayout$Socket");

  @Test
  void aRecordHasAtMostNineComponentsUnlessItMirrorsAFormat() {
    Set<String> larger =
        ALL.stream()
            .filter(JavaClass::isRecord)
            .filter(type ->
                type.getFields().stream()
                        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                        .count()
                    > 9)
            .map(JavaClass::getName)
            .collect(Collectors.toSet());
    assertThat(larger).isEqualTo(MIRRORS);
  }

  @Test
  void aConstructorOfAClassTakesAtMostSevenArguments() {
    List<String> larger =
        ALL.stream()
            .filter(type -> !type.isRecord() && !type.isEnum())
            .flatMap(type -> type.getConstructors().stream())
            .filter(constructor -> constructor.getRawParameterTypes().size() > 7)
            .map(constructor -> constructor.getFullName())
            .toList();
    assertThat(larger).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "cel", "contracts", "slo", "gate", "observe", "watch"})
  void aLibraryHasNoServerAndNoDatabase(String library) {
    noClasses()
        .that()
        .resideInAPackage("dev.troth." + library + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.helidon..",
            "org.jdbi..",
            "java.sql..",
            "javax.sql..",
            "com.zaxxer..",
            "org.sqlite..")
        .check(ALL);
  }

  @Test
  void onlyRoutesTheHttpPackageAndMainTouchHelidon() {
    noClasses()
        .that(
            are(
                not(
                    resideInAnyPackage("dev.troth.server.http..", "dev.troth.server.guard..")
                        .or(named("Routes"))
                        .or(named("ListenerRoom"))
                        .or(MAIN))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.helidon..")
        .check(ALL);
  }

  @Test
  void onlyStoresSourcesTheChangeLogAndTheDatabaseSpeakSql() {
    DescribedPredicate<JavaClass> database =
        resideInAnyPackage("org.jdbi..", "java.sql..", "javax.sql..", "com.zaxxer..");
    // A Handle may pass through other hands; only these make it do something.
    noClasses()
        .that(
            are(
                not(
                    resideInAnyPackage("dev.troth.server.db..", "dev.troth.server.statement..")
                        .or(named("Store", "Source", "ChangeLog", "Row")))))
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "make the database do something",
                call ->
                    database.test(call.getTargetOwner()) && !call.getName().equals("afterCommit")))
        .check(ALL);
  }

  @Test
  void onlyMainKnowsTheRooms() {
    noClasses()
        .that(are(not(MAIN)).and(are(not(named("Room")))))
        .should()
        .dependOnClassesThat(named("Room").and(resideInAPackage("dev.troth.server..")))
        .check(ALL);
  }

  @Test
  void nothingThatIsStaticChanges() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat(are(not(MODULE_STATE)))
        .should()
        .beFinal()
        .check(ALL);
    noFields()
        .that()
        .areStatic()
        .should()
        .haveRawType(
            assignableTo(java.util.HashMap.class)
                .or(assignableTo(java.util.ArrayList.class))
                .or(assignableTo(java.util.HashSet.class))
                .or(assignableTo(java.util.concurrent.ConcurrentMap.class))
                .or(assignableTo(java.util.Queue.class))
                .or(assignableTo(AtomicBoolean.class))
                .or(assignableTo(AtomicInteger.class))
                .or(assignableTo(AtomicLong.class))
                .or(assignableTo(AtomicReference.class)))
        .check(ALL);
  }

  @Test
  void nothingIsInjected() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "jakarta.inject..",
            "javax.inject..",
            "jakarta.annotation..",
            "com.google.inject..",
            "org.springframework..",
            "io.helidon.service..")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.troth.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(ALL);
  }

  @Test
  void onlyTheStopSignalReflects() {
    noClasses()
        .that(are(not(outermost("is StopSignal", t -> t.isEquivalentTo(StopSignal.class)))))
        .should()
        .callMethod(Method.class, "invoke", Object.class, Object[].class)
        .orShould()
        .callMethod(AccessibleObject.class, "setAccessible", boolean.class)
        .orShould()
        .callMethod(Class.class, "forName", String.class)
        .check(ALL);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.troth.observe.bpf") // where Helper is the kernel's own word
        .should()
        .haveNameMatching(
            ".*(Util|Utils|Helper|Manager|Impl|Common|Abstract\\w*)|.*\\.Base[A-Z]\\w*")
        .orShould()
        .resideInAnyPackage(
            "..util..", "..common..", "..helper..", "..manager..", "..base..", "..impl..")
        .check(ALL);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes()
        .should(
            new ArchCondition<>("be in a package that is @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                boolean marked =
                    type.getPackage().tryGetAnnotationOfType(NullMarked.class).isPresent();
                events.add(
                    new SimpleConditionEvent(
                        type, marked, type.getPackageName() + " is not @NullMarked"));
              }
            })
        .check(ALL);
  }
}
