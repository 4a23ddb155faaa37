package dev.troth.contracts.compatibility;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Finding.Severity;
import dev.troth.contracts.Sla;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges a new version of a contract against the earlier ones: its shape by {@link Compatibility},
 * its quality rules, its SLAs and its version number.
 *
 * <p>A raised major version begins a new group of versions that read each other. What breaks then
 * is shown as warnings; consumers of the earlier major keep theirs.
 */
public final class ContractJudge {
  private final Mode mode;
  private final Compatibility compatibility;
  private final AvroCompatibility avro;

  public ContractJudge(Mode mode, Layer layer) {
    this.mode = mode;
    compatibility = Compatibility.of(mode).in(layer);
    avro = new AvroCompatibility(mode, layer);
  }

  /**
   * What was found.
   *
   * @param judgement of the shapes
   * @param findings of all parts; errors make the version unfit to publish
   * @param newGroup whether a raised major version allows what breaks
   */
  public record Result(Judgement judgement, List<Finding> findings, boolean newGroup) {
    public Result {
      findings = List.copyOf(findings);
    }

    /** Whether the version may be published. */
    public boolean passes() {
      return findings.stream().noneMatch(Finding::isError);
    }
  }

  /**
   * Compares a version with the earlier ones.
   *
   * @param earlier in any order; none: the first version always passes
   */
  public Result judge(Contract next, List<Contract> earlier) {
    List<Contract> ordered =
        earlier.stream().sorted((a, b) -> a.version().compareTo(b.version())).toList();
    if (ordered.isEmpty()) {
      return new Result(new Judgement(List.of()), List.of(), true);
    }
    int major = next.version().major();
    List<Contract> same = ordered.stream().filter(c -> c.version().major() == major).toList();
    boolean newGroup = major > ordered.getLast().version().major();
    // A maintenance release follows the versions of its own major, whatever came after them.
    List<Contract> group = newGroup ? ordered : same;
    Contract latest = group.isEmpty() ? ordered.getLast() : group.getLast();
    List<Finding> findings = new ArrayList<>();
    identity(next, latest, findings);
    Judgement judgement = shapes(next, group, findings);
    findings.addAll(judgement.findings());
    if (mode != Mode.NONE && !group.isEmpty()) {
      rules(next, group.getLast(), findings);
      promises(next.sla(), group.getLast().sla(), findings);
    }
    return new Result(judgement, newGroup ? allowed(findings, next) : findings, newGroup);
  }

  private static void identity(Contract next, Contract latest, List<Finding> findings) {
    if (!next.name().equals(latest.name())) {
      findings.add(
          Finding.error(
              "identity/name",
              "/contract",
              "the contract is named '%s', expected '%s' as in version %s"
                  .formatted(next.name(), latest.name(), latest.version()),
              "keep the name; another name is another contract"));
    }
    int order = next.version().compareTo(latest.version());
    boolean same = next.bundle().equals(latest.bundle());
    if (order < 0 || (order == 0 && !same)) {
      findings.add(
          Finding.error(
              "identity/version",
              "/version",
              "the version is %s, expected one above %s, which has other content"
                  .formatted(next.version(), latest.version()),
              "raise the version"));
    }
  }

  private Judgement shapes(Contract next, List<Contract> group, List<Finding> findings) {
    for (Contract contract : group) {
      if (contract.schema().isPresent() != next.schema().isPresent()) {
        findings.add(
            Finding.error(
                "shape/language",
                "/schema",
                "the schema's language differs from that of version " + contract.version(),
                "keep JSON Schema or Avro; to change it, raise the major version"));
        return new Judgement(List.of());
      }
    }
    return switch (next.shape()) {
      case Contract.Shape.JsonSchema(Schema schema) -> compatibility.judge(schema, versions(group));
      case Contract.Shape.Avro(Json schema) -> avro.judge(schema, avroVersions(group));
    };
  }

  private static List<Compatibility.Version> versions(List<Contract> group) {
    List<Compatibility.Version> versions = new ArrayList<>();
    for (Contract contract : group) {
      if (contract.shape() instanceof Contract.Shape.JsonSchema(Schema schema)) {
        versions.add(new Compatibility.Version(contract.version().toString(), schema));
      }
    }
    return versions;
  }

  private static List<AvroCompatibility.Version> avroVersions(List<Contract> group) {
    List<AvroCompatibility.Version> versions = new ArrayList<>();
    for (Contract contract : group) {
      if (contract.shape() instanceof Contract.Shape.Avro(Json schema)) {
        versions.add(new AvroCompatibility.Version(contract.version().toString(), schema));
      }
    }
    return versions;
  }

  /** A rule that only one side has may be broken by what the other side writes. */
  private void rules(Contract next, Contract latest, List<Finding> findings) {
    Map<String, Contract.Rule> before = byId(latest);
    Map<String, Contract.Rule> after = byId(next);
    for (Direction direction : mode.directions()) {
      boolean backward = direction == Direction.BACKWARD;
      Map<String, Contract.Rule> reader = backward ? after : before;
      Map<String, Contract.Rule> writer = backward ? before : after;
      reader.forEach((id, rule) -> {
        Contract.Rule kept = writer.get(id);
        if (kept == null || !kept.check().source().equals(rule.check().source())) {
          findings.add(
              Finding.error(
                  direction + "/rule",
                  "/rules/" + id,
                  backward
                      ? "rule '%s' is %s: documents of version %s need not keep it"
                          .formatted(id, kept == null ? "new" : "changed", latest.version())
                      : "rule '%s' is %s: version %s refuses documents that break it"
                          .formatted(id, kept == null ? "gone" : "changed", latest.version()),
                  "make it a warning first, or raise the major version"));
        }
      });
    }
  }

  private static Map<String, Contract.Rule> byId(Contract contract) {
    return contract.rules().stream()
        .filter(rule -> rule.severity() == Severity.ERROR)
        .collect(Collectors.toMap(Contract.Rule::id, Function.identity()));
  }

  /** A promise may be improved, not taken back. */
  private static void promises(Sla next, Sla latest, List<Finding> findings) {
    worse("availability", next.availability(), latest.availability(), true, findings);
    worse("retention", next.retention(), latest.retention(), true, findings);
    worse("latency", next.latency(), latest.latency(), false, findings);
    worse("freshness", next.freshness(), latest.freshness(), false, findings);
  }

  private static <T extends Comparable<T>> void worse(
      String what, Optional<T> next, Optional<T> latest, boolean higherIsBetter, List<Finding> to) {
    if (latest.isEmpty()) {
      return;
    }
    int order = next.isEmpty() ? 0 : next.get().compareTo(latest.get());
    if (next.isEmpty() || (higherIsBetter ? order < 0 : order > 0)) {
      to.add(
          Finding.error(
              "sla/" + what,
              "/sla/" + what,
              "%s is %s, expected %s %s as promised before"
                  .formatted(
                      what,
                      next.map(ContractJudge::shown).orElse("not promised any more"),
                      higherIsBetter ? "at least" : "at most",
                      shown(latest.get())),
              "keep the promise, or raise the major version"));
    }
  }

  private static String shown(Object promise) {
    return switch (promise) {
      case BigDecimal percent -> percent.toPlainString() + " %";
      case Duration time -> time.toString().substring(2).toLowerCase(Locale.ROOT);
      default -> promise.toString();
    };
  }

  private static List<Finding> allowed(List<Finding> findings, Contract next) {
    return findings.stream()
        .map(f ->
            f.rule().startsWith("identity/")
                ? f
                : Finding.warning(
                    f.rule(),
                    f.place(),
                    f.message() + " (allowed by major version " + next.version().major() + ")",
                    f.cure()))
        .toList();
  }
}
