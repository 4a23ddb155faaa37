package dev.troth.contracts.policy;

import dev.troth.contracts.Finding;
import dev.troth.contracts.Finding.Severity;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The severities and waivers of a team. A waived finding stays visible, as a warning that says why;
 * no answer changes by it.
 *
 * @param severities by rule; a break is never among them
 */
public record Policy(Map<String, Severity> severities, List<Waiver> waivers) {
  /** Nothing was decided. */
  public static final Policy NONE = new Policy(Map.of(), List.of());

  public Policy {
    severities = Map.copyOf(severities);
    waivers = List.copyOf(waivers);
  }

  /** The findings of one contract as the policy has them. */
  public List<Finding> applied(String contract, List<Finding> findings, LocalDate today) {
    return findings.stream().map(finding -> applied(contract, finding, today)).toList();
  }

  private Finding applied(String contract, Finding finding, LocalDate today) {
    Severity severity = severities.getOrDefault(finding.rule(), finding.severity());
    Optional<Waiver> waiver = waiver(contract, finding, today);
    if (severity == Severity.WARNING || waiver.isEmpty()) {
      return new Finding(
          finding.rule(), severity, finding.location(), finding.message(), finding.cure());
    }
    String until = waiver.get().until().map(last -> " until " + last).orElse("");
    return new Finding(
        finding.rule(),
        Severity.WARNING,
        finding.location(),
        "waived%s (%s): %s".formatted(until, waiver.get().reason(), finding.message()),
        finding.cure());
  }

  /** The waiver that bears a finding today. */
  public Optional<Waiver> waiver(String contract, Finding finding, LocalDate today) {
    return waivers.stream()
        .filter(waiver -> waiver.speaksOf(contract, finding) && waiver.holds(today))
        .findFirst();
  }

  /**
   * Waivers that are over, or that nothing needs any more.
   *
   * @param found all findings of the contracts that were checked, by the contract's name
   * @param asked whether findings of a rule could have been made; not those of other directions
   */
  public List<Finding> stale(
      Map<String, List<Finding>> found, Predicate<String> asked, LocalDate today) {
    List<Finding> findings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Waiver waiver : waivers) {
      List<Finding> of = found.get(waiver.contract());
      if (!seen.add(waiver.contract() + " " + waiver.rule())) {
        findings.add(stale("double", waiver, "is written twice"));
      } else if (!waiver.holds(today)) {
        findings.add(stale("expired", waiver, "ended on " + waiver.until().orElseThrow()));
      } else if (of != null
          && asked.test(waiver.rule())
          && of.stream().noneMatch(finding -> waiver.speaksOf(waiver.contract(), finding))) {
        findings.add(stale("unused", waiver, "is not needed: there is no such finding"));
      }
    }
    return findings;
  }

  private static Finding stale(String rule, Waiver waiver, String what) {
    return Finding.warning(
        "waiver/" + rule,
        waiver.place(),
        "the waiver of %s for %s %s".formatted(waiver.rule(), waiver.contract(), what),
        "remove it");
  }
}
