package dev.troth.gate.core;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumericDateTest {
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "1700000000, 1700000000000",
    "1700000000.5, 1700000000500",
    "1700000000.0009, 1700000000000",
    "-0.0001, -1",
    "1.7e9, 1700000000000",
    "17E8, 1700000000000",
    "9007199254740993, 9007199254740993000",
    "1e400, 9223372036854775807",
    "-1e400, -9223372036854775808",
    "1e-400, 0",
    "0e999999999999, 0",
    "99999999999999999999999999, 9223372036854775807"
  })
  void secondsBecomeMilliseconds(String text, long millis) {
    assertThat(millis(text)).isEqualTo(millis);
  }

  @Test
  void decimalArithmeticAgrees() {
    Property.of("a NumericDate is its decimal value")
        .runs(20_000, 1_000_000)
        .check(random -> {
          String text = number(random);
          BigInteger exact =
              new BigDecimal(text).movePointRight(3).setScale(0, RoundingMode.FLOOR).toBigInteger();
          assertThat(millis(text)).as(text).isEqualTo(exact.min(MAX).max(MIN).longValue());
        });
  }

  private static String number(RandomGenerator random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
    digits(text, random, 1 + random.nextInt(17));
    if (text.charAt(text.length() - 1) == '-') {
      text.append('0');
    }
    String whole = text.toString().replaceFirst("^(-?)0+(?=.)", "$1");
    text = new StringBuilder(whole);
    if (random.nextBoolean()) {
      digits(text.append('.'), random, 1 + random.nextInt(8));
    }
    if (random.nextInt(3) == 0) {
      text.append('e').append(random.nextInt(24) - 12);
    }
    return text.toString();
  }

  private static void digits(StringBuilder text, RandomGenerator random, int count) {
    for (int i = 0; i < count; i++) {
      text.append((char) ('0' + random.nextInt(10)));
    }
  }

  private static long millis(String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    return NumericDate.millis(bytes, 0, bytes.length);
  }
}
