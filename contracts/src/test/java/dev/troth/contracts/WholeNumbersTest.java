package dev.troth.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Property;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Which numbers are whole is read off their digits as BigDecimal computes it. */
class WholeNumbersTest {
  @Test
  void aNumberIsWholeWhateverItsPointAndExponent() {
    CompiledSchema integer =
        CompiledSchema.of(
                new SchemaLoader(SchemaLoader.Options.DEFAULT)
                    .load(JsonReader.read("{\"type\":\"integer\"}"), "troth:/schema"),
                JsonLimits.DEFAULT)
            .orElseThrow();
    int[] whole = new int[1];
    Property.of("whole numbers are BigDecimal's")
        .runs(3_000, 300_000)
        .check(random -> {
          StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
          text.append(random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(2000));
          if (random.nextBoolean()) {
            text.append('.').append(random.nextInt(30)).append("0".repeat(random.nextInt(25)));
          }
          if (random.nextBoolean()) {
            text.append(random.nextBoolean() ? 'e' : 'E')
                .append(new String[] {"", "+", "-"}[random.nextInt(3)])
                .append(random.nextInt(random.nextBoolean() ? 5 : 1000));
          }
          BigDecimal value = new BigDecimal(text.toString());
          boolean expected = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
          whole[0] += expected ? 1 : 0;
          assertThat(integer.isValid(text.toString().getBytes(StandardCharsets.US_ASCII)))
              .as(text.toString())
              .isEqualTo(expected);
        });
    assertThat(whole[0]).isBetween(300, 2_990);
  }
}
