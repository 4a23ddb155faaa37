package dev.troth.contracts.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.proof.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AvroCompatibilityTest {
  private static final String ID = "{\"name\":\"id\",\"type\":\"string\"}";
  private static final String NOTE = "{\"name\":\"note\",\"type\":\"string\"}";
  private static final String NOTE_WITH_DEFAULT =
      "{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}";

  private static Contract contract(String version, String fields) {
    String json =
        """
        {"contract": "order", "version": "%s", "owner": "orders",
         "schema": {"type": "record", "name": "Order", "fields": [%s]}}
        """
            .formatted(version, fields);
    return Contract.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static ContractJudge.Result judge(Mode mode, Contract next, Contract earlier) {
    return new ContractJudge(mode, Layer.EVOLUTION).judge(next, List.of(earlier));
  }

  @Test
  void aFieldWithADefaultIsProvedBothWays() {
    ContractJudge.Result result =
        judge(Mode.FULL, contract("1.1.0", ID + "," + NOTE_WITH_DEFAULT), contract("1.0.0", ID));
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.PROVED);
    assertThat(result.judgement().comparisons()).hasSize(2);
    assertThat(result.passes()).isTrue();
  }

  @Test
  void aFieldWithoutADefaultIsRefutedByAMessage() {
    ContractJudge.Result result =
        judge(Mode.BACKWARD, contract("1.1.0", ID + "," + NOTE), contract("1.0.0", ID));
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.REFUTED);
    assertThat(result.judgement().comparisons().getFirst().answer())
        .isInstanceOfSatisfying(
            Answer.Refuted.class,
            refuted -> assertThat(refuted.counterexample()).hasToString("{\"id\":\"\"}"));
    assertThat(result.passes()).isFalse();
    assertThat(result.findings())
        .extracting(Finding::rule)
        .containsExactly("backward/avro", "backward/avro-reader-field-missing-default-value");
    assertThat(result.findings().getFirst().message())
        .isEqualTo(
            "the new version refuses a message of version 1.0.0, whose bytes are 0x00: Found Order,"
                + " expecting Order, missing required field note");
  }

  @Test
  void anOlderVersionMayRefuseWhatTheNewOneWrites() {
    ContractJudge.Result result =
        judge(Mode.FORWARD, contract("1.1.0", ID), contract("1.0.0", ID + "," + NOTE));
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.REFUTED);
    assertThat(result.findings().getFirst().message())
        .startsWith("version 1.0.0 refuses a message of the new version, whose bytes are 0x00: ");
  }
}
