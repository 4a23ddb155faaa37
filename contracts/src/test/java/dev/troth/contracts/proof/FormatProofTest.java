package dev.troth.contracts.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formats, lengths, patterns and look-aheads beside each other are decided. */
final class FormatProofTest {
  private static Schema load(String schema) {
    return new SchemaLoader(SchemaLoader.Options.DEFAULT)
        .load(JsonReader.read(schema), "troth:/schema");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'format':'email','maxLength':100} | {'format':'email','maxLength':254} | true",
        "{'format':'email','maxLength':254} | {'format':'email','maxLength':100} | false",
        "{'format':'email'} | {'format':'email','maxLength':254} | false",
        "{'format':'email'} | {'maxLength':318} | true",
        "{'format':'email'} | {'minLength':3} | true",
        "{'format':'email'} | {'format':'idn-email'} | false",
        "{'format':'hostname'} | {'maxLength':253} | true",
        "{'pattern':'^[a-z]{1,63}[.]example$'} | {'format':'hostname'} | true",
        "{'format':'uri'} | {'pattern':'^https://'} | false",
        "{'format':'uri','pattern':'^https://'} | {'format':'uri'} | true",
        "{'format':'uri'} | {'format':'iri'} | true",
        "{'format':'iri'} | {'format':'uri'} | false",
        "{'format':'date-time'} | {'pattern':'Z$'} | false",
        "{'format':'date-time'} | {'pattern':'^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]'} | true",
        "{'format':'date'} | {'anyOf':[{'format':'date'},{'format':'date-time'}]} | true",
        "{'format':'date'} | {'oneOf':[{'format':'date'},{'format':'date-time'}]} | true",
        "{'format':'time'} | {'minLength':9} | true",
        "{'format':'uuid'} | {'pattern':'^[0-9A-Fa-f-]{36}$','maxLength':36} | true",
        "{'pattern':'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'} | {'format':'uuid'} | true",
        "{'format':'ipv4'} | {'anyOf':[{'format':'ipv4'},{'format':'ipv6'}]} | true",
        "{'format':'ipv6'} | {'maxLength':45} | true",
        "{'format':'ipv6'} | {'maxLength':44} | false",
        "{'pattern':'^(?!0+$)[0-9]{1,10}$'} | {'pattern':'^(?!0+$)[0-9]{1,12}$'} | true",
        "{'pattern':'^[0-9]{1,10}$'} | {'pattern':'^(?!0+$)[0-9]{1,12}$'} | false",
        "{'minLength':8} | {'pattern':'^(?=.*[0-9])(?=.*[a-z]).*$'} | false",
        "{'pattern':'^(?:(?!--)[a-z-])*$'} | {'not':{'pattern':'--'}} | true",
        "{'pattern':'^(?:(?!--)[a-z-])*$'} | {'not':{'pattern':'-$'}} | false"
      })
  void isDecided(String inner, String outer, boolean contained) {
    String text = "{\"type\":\"string\",\"allOf\":[%s]}";
    Answer answer =
        Containment.strict(Effort.NORMAL)
            .of(
                load(text.formatted(inner.replace('\'', '"'))),
                load(text.formatted(outer.replace('\'', '"'))));
    assertThat(answer).isInstanceOf(contained ? Answer.Proved.class : Answer.Refuted.class);
  }

  @Test
  void anAnswerDependsOnWorkAloneAndNotOnTime() {
    Schema inner = load("{\"type\":\"string\",\"format\":\"email\"}");
    Schema outer = load("{\"maxLength\":318}");
    Containment little = Containment.strict(new Effort(1_000));
    assertThat(little.of(inner, outer))
        .isEqualTo(little.of(inner, outer))
        .isEqualTo(new Answer.Unknown("it takes too much work to tell"));
    assertThat(Containment.strict(new Effort(50_000_000)).of(inner, outer))
        .isEqualTo(new Answer.Proved());
  }
}
