package dev.troth.contracts.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.troth.contracts.Finding;
import dev.troth.json.file.SourceFile;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PolicyTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
  private static final Finding UNKNOWN =
      Finding.error("backward/unknown", "/schema", "could not be told", "simplify it");

  private static PolicyReader reader(String yaml) throws SourceFile.SyntaxException {
    return new PolicyReader(SourceFile.read("troth.yaml", yaml.getBytes(StandardCharsets.UTF_8)));
  }

  private static Policy policy(String yaml) throws SourceFile.SyntaxException {
    PolicyReader reader = reader(yaml);
    Policy policy = reader.read();
    assertThat(reader.problems()).isEmpty();
    return policy;
  }

  private static Policy waiving(String rule, String until) throws SourceFile.SyntaxException {
    return policy(
        "contracts: {waivers: [{contract: order, rule: %s, reason: known%s}]}"
            .formatted(rule, until.isEmpty() ? "" : ", until: " + until));
  }

  @Test
  void a_waived_finding_stays_visible_with_its_reason() throws Exception {
    Policy policy = waiving("backward/unknown", "2026-11-22");
    assertThat(policy.applied("order", List.of(UNKNOWN), TODAY))
        .containsExactly(
            Finding.warning(
                "backward/unknown",
                "/schema",
                "waived until 2026-11-22 (known): could not be told",
                "simplify it"));
  }

  @Test
  void a_waiver_speaks_of_its_contract_and_rule_alone() throws Exception {
    assertThat(waiving("backward/*", "").applied("order", List.of(UNKNOWN), TODAY))
        .noneMatch(Finding::isError);
    assertThat(waiving("backward/*", "").applied("other", List.of(UNKNOWN), TODAY))
        .containsExactly(UNKNOWN);
    assertThat(waiving("backward/enum", "").applied("order", List.of(UNKNOWN), TODAY))
        .containsExactly(UNKNOWN);
  }

  @Test
  void an_expired_waiver_bears_nothing_and_is_a_finding() throws Exception {
    Policy policy = waiving("backward/unknown", "2026-11-21");
    assertThat(policy.applied("order", List.of(UNKNOWN), TODAY)).containsExactly(UNKNOWN);
    assertThat(policy.stale(Map.of("order", List.of(UNKNOWN)), _ -> true, TODAY))
        .extracting(Finding::rule, Finding::place)
        .containsExactly(tuple("waiver/expired", "troth.yaml:1:23"));
  }

  @Test
  void an_unused_waiver_is_a_finding_if_its_contract_and_direction_were_checked() throws Exception {
    Policy policy = waiving("backward/unknown", "");
    assertThat(policy.stale(Map.of("order", List.of()), _ -> true, TODAY))
        .extracting(Finding::message)
        .containsExactly(
            "the waiver of backward/unknown for order is not needed: there is no such finding");
    assertThat(policy.stale(Map.of("order", List.of(UNKNOWN)), _ -> true, TODAY)).isEmpty();
    assertThat(policy.stale(Map.of(), _ -> true, TODAY)).isEmpty();
    assertThat(policy.stale(Map.of("order", List.of()), _ -> false, TODAY)).isEmpty();
  }

  @Test
  void a_severity_may_be_set_but_a_break_may_only_be_waived() throws Exception {
    Finding slower = Finding.error("sla/latency", "/sla", "rose", "lower it");
    Policy policy = policy("contracts: {severities: {sla/latency: warning}}");
    assertThat(policy.applied("order", List.of(slower), TODAY))
        .containsExactly(Finding.warning("sla/latency", "/sla", "rose", "lower it"));
    PolicyReader reader = reader("contracts: {severities: {forward/enum: warning}}");
    reader.read();
    assertThat(reader.problems())
        .extracting(Finding::message)
        .containsExactly("forward/enum reports a break: waive it, with a reason");
  }

  @Test
  void tells_all_that_is_wrong() throws Exception {
    PolicyReader reader =
        reader(
            """
            http: {listen: 4000}
            contracts:
              waiver: []
              severities: {a: loud}
              waivers:
                - {contract: order, rule: r}
                - {contract: order, rule: r, reason: " "}
                - {contract: order, rule: r, reason: s, until: tomorrow, extra: 1}
                - 7
            """);
    reader.read();
    assertThat(reader.problems())
        .extracting(Finding::message)
        .containsExactly(
            "unknown key 'waiver', did you mean 'waivers'?",
            "a is 'loud', expected error or warning",
            "a waiver has no reason, expected a text",
            "a waiver has no reason, expected a text",
            "unknown key 'extra', expected one of [contract, rule, reason, until]",
            "until is \"tomorrow\", expected a day such as 2026-12-31",
            "a waiver is 7, expected contract, rule and reason");
  }
}
