package dev.troth.contracts.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.proof.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  private static String typed(String type, String rest) {
    return "{\"name\":\"v\",\"type\":{\"type\":\"%s\",\"logicalType\":%s}}".formatted(type, rest);
  }

  private static String decimal(int precision, int scale) {
    return typed("bytes", "\"decimal\",\"precision\":%d,\"scale\":%d".formatted(precision, scale));
  }

  private static String first(ContractJudge.Result result) {
    return result.findings().getFirst().message();
  }

  @Test
  void aDecimalOfAnotherScaleIsRefutedByANumberThatIsMisread() {
    ContractJudge.Result result =
        judge(Mode.FULL, contract("1.1.0", decimal(9, 4)), contract("1.0.0", decimal(9, 2)));
    assertThat(result.judgement().comparisons())
        .extracting(Comparison::outcome)
        .containsExactly(Judgement.Outcome.REFUTED, Judgement.Outcome.REFUTED);
    assertThat(first(result)).endsWith("at /v, -0.01 is read as -0.0001");
  }

  @Test
  void aDecimalOfLessPrecisionIsRefutedAndOfMoreIsUnknown() {
    ContractJudge.Result less =
        judge(Mode.BACKWARD, contract("1.1.0", decimal(5, 2)), contract("1.0.0", decimal(9, 2)));
    assertThat(less.judgement().outcome()).isEqualTo(Judgement.Outcome.REFUTED);
    assertThat(first(less)).endsWith("9999999.99 has 9 digits, the reader's precision is 5");
    ContractJudge.Result more =
        judge(Mode.BACKWARD, contract("1.1.0", decimal(12, 2)), contract("1.0.0", decimal(9, 2)));
    assertThat(more.judgement().outcome()).isEqualTo(Judgement.Outcome.UNKNOWN);
    assertThat(more.findings())
        .extracting(Finding::rule)
        .containsExactly("backward/avro-decimal-precision");
  }

  /** Old type, new type, what old messages are taken for; - if nobody can say. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "long timestamp-millis | long timestamp-micros"
            + " | 2026-01-01T00:00:00Z is read as 1970-01-21T10:53:45.600Z",
        "int time-millis | long time-micros | 00:00:20.454 is read as 00:00:00.020454",
        "long timestamp-millis | long local-timestamp-millis"
            + " | 1970-01-01T00:00:00Z is read as 1970-01-01T00:00",
        "int date | int time-millis | 1970-01-01 is read as 00:00",
        "string plain | string uuid | \"\" is no UUID",
        "long plain | long timestamp-millis | -",
        "int date | int plain | -",
      })
  void timesOfAnotherUnitAreMisread(String old, String next, String message) {
    ContractJudge.Result result =
        judge(Mode.BACKWARD, contract("1.1.0", field(next)), contract("1.0.0", field(old)));
    if (message.equals("-")) {
      assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.UNKNOWN);
    } else {
      assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.REFUTED);
      assertThat(first(result)).contains(message);
    }
  }

  private static String field(String words) {
    String[] typeAndLogicalType = words.split(" ");
    return typeAndLogicalType[1].equals("plain")
        ? "{\"name\":\"v\",\"type\":\"%s\"}".formatted(typeAndLogicalType[0])
        : typed(typeAndLogicalType[0], "\"%s\"".formatted(typeAndLogicalType[1]));
  }

  @Test
  void aUuidIsStillAText() {
    ContractJudge.Result result =
        judge(
            Mode.BACKWARD,
            contract("1.1.0", field("string plain")),
            contract("1.0.0", field("string uuid")));
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.PROVED);
  }

  @Test
  void theSameLogicalTypeDeepInsideIsProvedAndAnotherRefuted() {
    String deep =
        "{\"name\":\"m\",\"type\":{\"type\":\"map\",\"values\":[\"null\",{\"type\":\"array\","
            + "\"items\":{\"type\":\"long\",\"logicalType\":\"timestamp-%s\"}}]}}";
    Contract millis = contract("1.0.0", deep.formatted("millis"));
    assertThat(judge(Mode.FULL, millis, millis).judgement().outcome())
        .isEqualTo(Judgement.Outcome.PROVED);
    ContractJudge.Result result =
        judge(Mode.BACKWARD, contract("1.1.0", deep.formatted("micros")), millis);
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.REFUTED);
    assertThat(first(result)).contains("at /m/a/0, ");
    assertThat(result.findings().getLast().message())
        .contains("at /fields/0/type/values/1/items, the reader takes timestamp-millis");
  }

  @Test
  void aRegistryOfConfluentsPassesOverLogicalTypes() {
    ContractJudge.Result result =
        new ContractJudge(Mode.FULL, Layer.CONFLUENT)
            .judge(contract("1.1.0", decimal(9, 4)), List.of(contract("1.0.0", decimal(9, 2))));
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.PROVED);
  }

  @Test
  void aRenamedRecordIsRefutedUnlessTheReaderKnowsItsOldName() {
    Contract old = contract("1.0.0", ID);
    String json = old.bundle().toString().replace("1.0.0", "1.1.0");
    Contract renamed =
        Contract.read(
            json.replace("\"name\":\"Order\"", "\"name\":\"Orders\"")
                .getBytes(StandardCharsets.UTF_8));
    ContractJudge.Result result = judge(Mode.BACKWARD, renamed, old);
    assertThat(result.judgement().outcome()).isEqualTo(Judgement.Outcome.REFUTED);
    assertThat(first(result)).contains("the message is named Order, expected Orders");
    Contract aliased =
        Contract.read(
            json.replace("\"name\":\"Order\"", "\"name\":\"Orders\",\"aliases\":[\"Order\"]")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(judge(Mode.BACKWARD, aliased, old).judgement().outcome())
        .isEqualTo(Judgement.Outcome.PROVED);
  }
}
