package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conditions of a Confluent rule set are run as rules; what is not run is named. */
class DomainRulesTest {
  private static DomainRules rules(String domainRules) throws Exception {
    return DomainRules.of(JsonReader.read("{\"domainRules\":[" + domainRules + "]}"));
  }

  private static String condition(String more, String expression) {
    return "{\"name\":\"one\",\"kind\":\"CONDITION\",\"type\":\"CEL\",\"mode\":\"WRITE\",%s\"expr\":\"%s\"}"
        .formatted(more, expression);
  }

  private static Verdict verdict(DomainRules rules, String message) {
    Contract contract =
        Contract.read(
            "{\"contract\":\"a\",\"version\":\"1.0.0\",\"owner\":\"b\",\"schema\":{\"type\":\"object\"}}"
                .getBytes(StandardCharsets.UTF_8));
    return rules.addedTo(contract).inspector().validate(message.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aConditionIsARuleOfTheMessage() throws Exception {
    DomainRules rules =
        rules(condition("\"doc\":\"nine digits\",", "message.ssn.matches('^[0-9]{9}$')"));
    assertThat(rules.left()).isEmpty();
    assertThat(verdict(rules, "{\"ssn\":\"123456789\"}").valid()).isTrue();
    Verdict broken = verdict(rules, "{\"ssn\":\"12\"}");
    assertThat(broken.valid()).isFalse();
    assertThat(broken.toString()).contains("rule one").contains("nine digits");
  }

  @Test
  void aGuardSaysToWhichMessagesAConditionApplies() throws Exception {
    DomainRules rules = rules(condition("", "message.kind == 'a;b' ; message.size > 1"));
    assertThat(verdict(rules, "{\"kind\":\"c\",\"size\":0}").valid()).isTrue();
    assertThat(verdict(rules, "{\"kind\":\"a;b\",\"size\":0}").valid()).isFalse();
    assertThat(verdict(rules, "{\"kind\":\"a;b\",\"size\":2}").valid()).isTrue();
  }

  @Test
  void aFailureWithoutActionIsAWarning() throws Exception {
    Verdict warned =
        verdict(rules(condition("\"onFailure\":\"NONE\",", "message.n > 1")), "{\"n\":0}");
    assertThat(warned.valid()).isTrue();
    assertThat(warned.warnings()).hasSize(1);
    assertThat(
            verdict(rules(condition("\"onFailure\":\"DLQ,NONE\",", "message.n > 1")), "{\"n\":0}")
                .valid())
        .isFalse();
  }

  @Test
  void whatIsNotRunIsNamed() throws Exception {
    DomainRules rules =
        rules(
            String.join(
                ",",
                condition("\"disabled\":true,", "false"),
                condition("", "message."),
                "{\"name\":\"field\",\"kind\":\"CONDITION\",\"type\":\"CEL_FIELD\",\"expr\":\"value != ''\"}",
                "{\"name\":\"seal\",\"kind\":\"TRANSFORM\",\"type\":\"ENCRYPT\"}"));
    assertThat(rules.rules()).isEmpty();
    assertThat(rules.left()).hasSize(4);
    assertThat(rules.left().get(0)).isEqualTo("rule 'one' is not run: it is disabled");
    assertThat(rules.left().get(1)).startsWith("rule 'one' is not run: ");
    assertThat(rules.left().get(2))
        .isEqualTo("rule 'field' is not run: its type is CEL_FIELD, expected CEL");
    assertThat(rules.left().get(3)).contains("seal").contains("TRANSFORM");
    DomainRules others =
        DomainRules.of(
            JsonReader.read("{\"migrationRules\":[{\"name\":\"up\",\"kind\":\"CONDITION\"}]}"));
    assertThat(others.left())
        .isEqualTo(
            List.of(
                "rule 'up' is not run: migrationRules change messages between versions or on the wire"));
  }

  @Test
  void aContractsOwnRuleKeepsItsName() throws Exception {
    Contract contract =
        Contract.read(
            ("{\"contract\":\"a\",\"version\":\"1.0.0\",\"owner\":\"b\",\"schema\":{},\"rules\":["
                    + "{\"id\":\"one\",\"check\":\"this.n > 5\"}]}")
                .getBytes(StandardCharsets.UTF_8));
    Contract more = rules(condition("", "message.n > 1")).addedTo(contract);
    assertThat(more.rules()).hasSize(1);
    assertThat(Contract.read(more.bundle().toString().getBytes(StandardCharsets.UTF_8)).rules())
        .hasSize(1);
  }
}
