package dev.troth.server;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.troth.testkit.PackageRules;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The floors of the server, and how its packages build on each other. */
class PackagesTest {
  private static final String ROOT = "dev.troth.server";
  private static final PackageRules PACKAGES = PackageRules.ofThisModule();

  /** Floors, lowest first; a package uses all floors below its own. The root stands above them. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("ops", "error", "statement"),
          Set.of("config", "db", "limit"),
          Set.of("auth", "tls"),
          Set.of("http", "http.connection"),
          Set.of("guard", "http.idempotency", "rabbit", "rows"),
          Set.of(
              "change",
              "record",
              "event",
              "kafka",
              "watch",
              "subject",
              "inbox",
              "endpoint",
              "channel",
              "feed",
              "why",
              "folder",
              "web",
              "source",
              "terms",
              "group",
              "oncall",
              "delivery",
              "stream",
              "telemetry",
              "agent",
              "counting",
              "breakdown",
              "history",
              "trace",
              "incident",
              "objective",
              "identity",
              "audit",
              "openid",
              "gate",
              "table",
              "registry",
              "registry.schema",
              "original",
              "operations"),
          Set.of(
              "console",
              "console.explore",
              "console.figure",
              "console.frame",
              "console.kept",
              "console.link",
              "console.page",
              "console.site",
              "console.trace"));

  /** What a package may use of its own floor. */
  private static final Map<String, Set<String>> BESIDE =
      Map.ofEntries(
          Map.entry("rabbit", Set.of("rows")),
          Map.entry("record", Set.of("change")),
          Map.entry("event", Set.of("change")),
          Map.entry("kafka", Set.of("change", "counting", "event", "telemetry")),
          Map.entry("watch", Set.of("change")),
          Map.entry("subject", Set.of("change", "watch")),
          Map.entry("inbox", Set.of("change", "watch")),
          Map.entry("endpoint", Set.of("change", "watch")),
          Map.entry("channel", Set.of("change", "endpoint")),
          Map.entry("group", Set.of("watch")),
          Map.entry("terms", Set.of("change", "subject")),
          Map.entry("oncall", Set.of("change", "endpoint", "incident", "watch")),
          Map.entry("feed", Set.of("change", "endpoint", "inbox")),
          Map.entry("folder", Set.of("change")),
          Map.entry("source", Set.of("change", "channel", "event", "folder", "web")),
          Map.entry("why", Set.of("change", "watch", "endpoint", "delivery")),
          Map.entry("delivery", Set.of("change", "watch", "endpoint", "terms")),
          Map.entry("stream", Set.of("change", "watch", "inbox")),
          Map.entry("trace", Set.of("change", "telemetry")),
          Map.entry("openid", Set.of("identity")),
          Map.entry("audit", Set.of("change")),
          Map.entry("agent", Set.of("telemetry")),
          Map.entry("counting", Set.of("telemetry")),
          Map.entry("incident", Set.of("history")),
          Map.entry(
              "objective",
              Set.of(
                  "agent",
                  "breakdown",
                  "change",
                  "counting",
                  "history",
                  "incident",
                  "telemetry",
                  "trace")),
          Map.entry("registry", Set.of("event", "registry.schema")),
          Map.entry("original", Set.of("record", "watch", "channel")),
          Map.entry("console.link", Set.of("console.figure", "console.page", "console.site")),
          Map.entry("http", Set.of("http.connection")),
          Map.entry("console.frame", Set.of("console.figure", "console.page")),
          Map.entry("console.kept", Set.of("console.frame")),
          Map.entry("console.explore", Set.of("console.figure", "console.frame", "console.page")),
          Map.entry("console.trace", Set.of("console.figure", "console.frame", "console.page")),
          Map.entry(
              "console",
              Set.of(
                  "console.explore",
                  "console.figure",
                  "console.frame",
                  "console.kept",
                  "console.link",
                  "console.page",
                  "console.site",
                  "console.trace")));

  @Test
  void packagesBuildOnEachOtherInOneDirection() {
    PACKAGES.haveNoCircles();
  }

  @Test
  void aPackageUsesTheFloorsBelowAndOfItsOwnWhatIsListed() {
    PACKAGES.keep("use the floors below and of their own what is listed", PackagesTest::fault);
  }

  @Test
  void aPackageIsOneConceptAndAFileCanBeRead() throws IOException {
    PACKAGES.haveAtMost(25, Map.of()).haveFilesUpTo(400);
  }

  private static String fault(JavaClass type) {
    String own = concept(type);
    int floor = floor(own);
    Set<String> wrong = new TreeSet<>();
    type.getDirectDependenciesFromSelf()
        .forEach(dependency -> {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          String other = concept(target);
          if (!target.getPackageName().startsWith(ROOT) || other.equals(own)) {
            return;
          }
          boolean beside =
              floor(other) == floor && BESIDE.getOrDefault(own, Set.of()).contains(other);
          if (floor(other) >= floor && !beside) {
            wrong.add(other);
          }
        });
    return wrong.isEmpty() ? "" : "%s uses %s".formatted(type.getName(), wrong);
  }

  /** The package below the root; empty for the root itself. */
  private static String concept(JavaClass type) {
    String name = type.getPackageName();
    return name.length() > ROOT.length() ? name.substring(ROOT.length() + 1) : "";
  }

  private static int floor(String concept) {
    for (int i = 0; i < FLOORS.size(); i++) {
      if (FLOORS.get(i).contains(concept)) {
        return i;
      }
    }
    if (concept.isEmpty()) {
      return FLOORS.size();
    }
    throw new AssertionError("the package %s stands on no floor: add it to one".formatted(concept));
  }
}
