package dev.troth.contracts.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Finding;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.schema.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shape, the quality rules and the promises have one answer. */
class RuleComparisonTest {
  private static Contract contract(String version, String schema, String rules, String rest) {
    String yaml =
        "contract: pay\nversion: %s\nowner: o\nschema: %s\nrules: [%s]\n%s\n"
            .formatted(version, schema, rules, rest);
    return ContractFile.of(
            "pay.contract.yaml",
            yaml.getBytes(StandardCharsets.UTF_8),
            "file:///pay.contract.yaml",
            Documents.NONE)
        .contract();
  }

  private static final String AMOUNT =
      "{type: object, required: [amt], properties: {amt: {type: number}, cur: {type: string}}}";

  private static Contract ruled(String version, String check) {
    String rules = check.isEmpty() ? "" : "{id: r, check: \"%s\"}".formatted(check);
    return contract(version, AMOUNT, rules, "examples: [{amt: 20, cur: EUR}, {amt: 3}]");
  }

  private static List<String> outcomes(ContractJudge.Result result) {
    return result.judgement().comparisons().stream()
        .map(comparison -> comparison.direction() + " " + comparison.outcome())
        .toList();
  }

  /** The old rule, the new one, and whether readers and writers may move. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      value = {
        "this.amt > 0 ¦ this.amt > 10 ¦ REFUTED ¦ PROVED",
        "this.amt > 0 ¦ this.amt > -5.0 ¦ PROVED ¦ REFUTED",
        "this.amt > 0 ¦ 0 < this.amt ¦ PROVED ¦ PROVED",
        "this.amt > 0 && has(this.cur) ¦ has(message.cur) && 0 < message.amt ¦ PROVED ¦ PROVED",
        "this.amt > 0 && has(this.cur) ¦ this.amt > 0 ¦ PROVED ¦ REFUTED",
        "this.amt in [1, 2] ¦ this.amt in [2, 1, 3] ¦ PROVED ¦ REFUTED",
        "this.cur.matches('^EUR$') ¦ this.cur == 'EUR' ¦ PROVED ¦ PROVED",
        "size(this.cur) <= 3 ¦ size(this.cur) < 5 ¦ PROVED ¦ REFUTED",
        "!has(this.cur) || this.cur in ['EUR','USD'] ¦ !has(this.cur) || size(this.cur) == 3"
            + " ¦ PROVED ¦ REFUTED",
        "'' ¦ this.amt > 10 ¦ REFUTED ¦ PROVED",
        "this.amt > 10 ¦ '' ¦ PROVED ¦ REFUTED",
        "this.amt * 2 > 9 ¦ this.amt * 2 > 9 ¦ PROVED ¦ PROVED",
        "this.amt * 2 > 1 ¦ this.amt * 2 > 9 ¦ REFUTED ¦ UNKNOWN",
        "this.amt * 2 > 1 ¦ 1 < this.amt * 2 ¦ PROVED ¦ PROVED",
        "this.amt > 30 - 30 ¦ this.amt > 0 ¦ UNKNOWN ¦ UNKNOWN",
      })
  void rulesAreComparedByMeaning(String old, String next, String backward, String forward) {
    ContractJudge.Result result =
        new ContractJudge(Mode.FULL, Layer.EVOLUTION)
            .judge(ruled("1.1.0", next), List.of(ruled("1.0.0", old)));
    assertThat(outcomes(result)).containsExactly("backward " + backward, "forward " + forward);
    assertThat(result.passes()).isEqualTo(backward.equals("PROVED") && forward.equals("PROVED"));
  }

  @Test
  void aDocumentShowsWhichRuleIsBroken() {
    ContractJudge.Result result =
        new ContractJudge(Mode.BACKWARD, Layer.EVOLUTION)
            .judge(ruled("1.1.0", "this.amt > 10"), List.of(ruled("1.0.0", "this.amt > 0")));
    Comparison only = result.judgement().comparisons().getFirst();
    assertThat(only.answer()).isInstanceOf(Answer.Refuted.class);
    assertThat(result.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo("backward/rule");
          assertThat(finding.location().pointer()).isEqualTo("/rules/0");
          assertThat(finding.message())
              .isEqualTo(
                  "the new version refuses a document of version 1.0.0: rule 'r' (this.amt > 10) is"
                      + " broken by {\"amt\":1}");
        });
  }

  @Test
  void whatCannotBeToldIsUnknownByTheNameOfTheRule() {
    ContractJudge.Result result =
        new ContractJudge(Mode.BACKWARD, Layer.EVOLUTION)
            .judge(ruled("1.1.0", "this.amt * 2 > 1"), List.of(ruled("1.0.0", "this.amt > 2")));
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.UNKNOWN);
    assertThat(result.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo("backward/rule-unknown");
          assertThat(finding.message()).contains("rule 'r' (this.amt * 2 > 1)");
        });
  }

  @Test
  void aTightenedShapeThatARuleAskedForAlreadyBreaksNobody() {
    String tight = AMOUNT.replace("{type: number}", "{type: number, minimum: 1}");
    Contract old = contract("1.0.0", AMOUNT, "{id: r, check: this.amt >= 2}", "");
    Contract next = contract("1.1.0", tight, "{id: r, check: this.amt >= 2}", "");
    ContractJudge.Result result =
        new ContractJudge(Mode.FULL, Layer.EVOLUTION).judge(next, List.of(old));
    assertThat(outcomes(result)).containsExactly("backward PROVED", "forward PROVED");
  }

  @Test
  void aMemberThatOnlyARuleKnowsIsWritten() {
    Contract old = ruled("1.0.0", "!has(this.tax) || this.tax > 0");
    Contract next = ruled("1.1.0", "!has(this.tax) || this.tax > 10");
    ContractJudge.Result result =
        new ContractJudge(Mode.BACKWARD, Layer.EVOLUTION).judge(next, List.of(old));
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.REFUTED);
  }

  @Test
  void inATransitiveModeTheRulesOfEveryVersionCount() {
    ContractJudge.Result result =
        new ContractJudge(Mode.BACKWARD_TRANSITIVE, Layer.EVOLUTION)
            .judge(
                ruled("1.2.0", "this.amt > 10"),
                List.of(ruled("1.0.0", "this.amt > 0"), ruled("1.1.0", "this.amt > 10")));
    assertThat(outcomes(result)).containsExactly("backward REFUTED", "backward PROVED");
  }

  @Test
  void aPromiseThatBecameWorseIsRefutedOnce() {
    Contract old = contract("1.0.0", AMOUNT, "", "sla: {latency: 5s}");
    Contract next = contract("1.1.0", AMOUNT, "", "sla: {latency: 10s}");
    ContractJudge.Result result =
        new ContractJudge(Mode.FULL, Layer.EVOLUTION).judge(next, List.of(old));
    assertThat(outcomes(result)).containsExactly("backward REFUTED", "forward PROVED");
    assertThat(result.findings()).extracting(Finding::rule).containsExactly("sla/latency");
    assertThat(outcomes(new ContractJudge(Mode.FORWARD, Layer.STRICT).judge(next, List.of(old))))
        .containsExactly("forward REFUTED");
  }

  @Test
  void rulesOnAvroMessagesAreComparedToo() {
    String avro = "{type: record, name: R, fields: [{name: amt, type: int}]}";
    Contract old = contract("1.0.0", avro, "{id: r, check: this.amt > 0}", "");
    Contract next = contract("1.1.0", avro, "{id: r, check: this.amt > 10}", "");
    ContractJudge.Result result =
        new ContractJudge(Mode.FULL, Layer.EVOLUTION).judge(next, List.of(old));
    assertThat(outcomes(result)).containsExactly("backward REFUTED", "forward PROVED");
  }
}
