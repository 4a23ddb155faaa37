package dev.troth.contracts.compatibility;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges a new version of a contract against the earlier ones: its shape by {@link Compatibility},
 * its quality rules, its SLAs and its version number.
 *
 * <p>A raised major version begins a new group of versions that read each other. What breaks then
 * is shown as warnings; consumers of the earlier major keep theirs.
 */
public final class ContractJudge {
  private final Mode mode;
  private final Layer layer;
  private final Compatibility compatibility;
  private final AvroCompatibility avro;

  public ContractJudge(Mode mode, Layer layer) {
    this.mode = mode;
    compatibility = Compatibility.of(mode).in(layer);
    avro = new AvroCompatibility(layer);
    this.layer = layer;
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
    Judgement judgement = compared(next, group, findings);
    findings.addAll(judgement.findings());
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

  private Judgement compared(Contract next, List<Contract> group, List<Finding> findings) {
    List<Contract> asked = mode.transitive() || group.isEmpty() ? group : List.of(group.getLast());
    List<Comparison> comparisons = new ArrayList<>();
    for (Contract before : asked) {
      if (before.schema().isPresent() != next.schema().isPresent()) {
        findings.add(
            Finding.error(
                "shape/language",
                "/schema",
                "the schema's language differs from that of version " + before.version(),
                "keep JSON Schema or Avro; to change it, raise the major version"));
        return new Judgement(List.of());
      }
      List<Finding> promises = Promises.worse(next.sla(), before.sla());
      for (Direction direction : mode.directions()) {
        comparisons.add(
            shape(next, before, direction)
                .with(RuleComparison.of(next, before, direction, layer))
                .with(promises));
        // A promise is worse whichever way messages go; it is told once.
        promises = List.of();
      }
    }
    return new Judgement(comparisons);
  }

  private Comparison shape(Contract next, Contract before, Direction direction) {
    boolean backward = direction == Direction.BACKWARD;
    Contract writer = backward ? before : next;
    Contract reader = backward ? next : before;
    String version = before.version().toString();
    if (writer.shape() instanceof Contract.Shape.Avro(Json writes)
        && reader.shape() instanceof Contract.Shape.Avro(Json reads)) {
      return avro.compare(writes, reads, version, direction);
    }
    return compatibility.compare(
        RuleComparison.written(writer), reader.schema().orElseThrow(), version, direction);
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
