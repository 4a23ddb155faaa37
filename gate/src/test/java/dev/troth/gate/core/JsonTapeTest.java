package dev.troth.gate.core;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonTapeTest {
  private static final JsonMapper JACKSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "\"a\"",
        "null",
        "{",
        "}",
        "{}{}",
        "{} x",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.1}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":0x1}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":[1,]}",
        "{\"a\":[1}",
        "{\"a\":\"\u0001\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"",
        "{\"a\":\"\\",
        "\uFEFF{}",
        "{/**/}",
        "{\"a\":1 \"b\":2}"
      })
  void whatIsNotStrictlyAnObjectIsRefused(String text) {
    assertThat(parse(text.getBytes(UTF_8))).isEqualTo(JsonTape.Outcome.NOT_JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\u00e9\":1,\"\u00e9\":2}",
        "{\"x\":{\"b\":1,\"c\":2,\"b\":3}}",
        "{\"x\":[{\"b\":1,\"\\u0062\":3}]}",
        "{\"\":1,\"\":2}",
        "{\"\\ud83d\\ude00\":1,\"\uD83D\uDE00\":2}"
      })
  void twoMembersOfOneNameAreRefusedHoweverTheyAreSpelt(String text) {
    assertThat(parse(text.getBytes(UTF_8))).isEqualTo(JsonTape.Outcome.DUPLICATE_MEMBER);
  }

  @Test
  void theSameNameInTwoObjectsIsNoDuplicate() {
    assertThat(parse("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}".getBytes(UTF_8)))
        .isEqualTo(JsonTape.Outcome.OK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00C0\u0080", // an overlong NUL
        "\u00E0\u0080\u0080",
        "\u00ED\u00A0\u0080", // a surrogate
        "\u00F4\u0090\u0080\u0080", // above U+10FFFF
        "\u00F8\u0088\u0080\u0080\u0080",
        "\u0080",
        "\u00C3",
        "\u00E2\u0082"
      })
  void whatIsNotUtf8IsRefused(String bytes) {
    assertThat(parse(("{\"a\":\"" + bytes + "\"}").getBytes(ISO_8859_1)))
        .isEqualTo(JsonTape.Outcome.NOT_JSON);
  }

  @Test
  void depthAndTheNumberOfValuesAreBounded() {
    String deep = "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
    String many = "{\"a\":[" + "1,".repeat(10_000) + "1]}";
    assertThat(parse(deep.getBytes(UTF_8))).isEqualTo(JsonTape.Outcome.TOO_LARGE);
    assertThat(parse(many.getBytes(UTF_8))).isEqualTo(JsonTape.Outcome.TOO_LARGE);
    String deepest = "{\"a\":" + "[".repeat(15) + "]".repeat(15) + "}";
    assertThat(parse(deepest.getBytes(UTF_8))).isEqualTo(JsonTape.Outcome.OK);
    assertThat(parse(deepest.replace("[]", "[[]]").getBytes(UTF_8)))
        .isEqualTo(JsonTape.Outcome.TOO_LARGE);
  }

  @Test
  void nothingIsAcceptedThatJacksonRefusesAndStringsAreTheSame() {
    byte[] seed =
        "{\"iss\":\"a\\u00e9\\n\",\"aud\":[\"x\",{\"y\":[-1.5e3,true]}],\"exp\":17,\"n\":null}"
            .getBytes(UTF_8);
    Property.of("own JSON parser against Jackson")
        .runs(20_000, 500_000)
        .check(random -> {
          byte[] text = seed.clone();
          for (int i = random.nextInt(4); i >= 0; i--) {
            text[random.nextInt(text.length)] =
                random.nextBoolean()
                    ? seed[random.nextInt(seed.length)]
                    : (byte) random.nextInt(256);
          }
          JsonTape tape = new JsonTape(64, 16, text.length);
          if (tape.parse(text, 0, text.length) == JsonTape.Outcome.OK) {
            JsonNode node = jackson(text);
            assertThat(node.isObject()).isTrue();
            for (int i = tape.last(0); i >= 0; i = tape.previous(i)) {
              String name = string(tape, tape.nameStart(i), tape.nameEnd(i));
              assertThat(node.has(name)).as(name).isTrue();
              if (tape.kind(i) == JsonTape.STRING) {
                assertThat(string(tape, tape.start(i), tape.end(i)))
                    .isEqualTo(node.get(name).asString());
              }
            }
          }
        });
  }

  private static JsonNode jackson(byte[] text) {
    try {
      return JACKSON.readTree(text);
    } catch (JacksonException refused) {
      throw new AssertionError(
          "accepted, but refused by Jackson: " + Arrays.toString(text), refused);
    }
  }

  private static String string(JsonTape tape, int from, int to) {
    return new String(tape.text(), from, to - from, UTF_8);
  }

  private static JsonTape.Outcome parse(byte[] text) {
    return new JsonTape(512, 16, 65_536).parse(text, 0, text.length);
  }
}
