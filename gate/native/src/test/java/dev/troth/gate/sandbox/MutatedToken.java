package dev.troth.gate.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.gate.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Tokens that are good, nearly good, and bad in every part: before and after they are signed. */
final class MutatedToken {
  private static final List<String> HEADERS =
      List.of(
          "{\"alg\":\"HS256\"}",
          "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
          "{\"typ\":\"application/at+jwt\",\"alg\":\"HS256\",\"kid\":\"a\\u00e9\"}",
          "{\"alg\":\"HS384\"}",
          "{\"alg\":\"none\"}",
          "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
          "{\"alg\":\"HS256\",\"\\u0061lg\":\"none\"}",
          "{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"x\":[1,2.5e3,true,null]}}");
  private static final List<String> CLAIMS =
      List.of(
          "{}",
          "{\"sub\":\"alice\",\"exp\":9900000000,\"nbf\":1.5,\"iat\":1}",
          "{\"exp\":1}",
          "{\"nbf\":9900000000}",
          "{\"iat\":9900000000.25}",
          "{\"aud\":[\"a\",\"b\\ud83d\\ude00\"],\"iss\":\"x\",\"jti\":\"7\"}",
          "{\"exp\":1e300,\"a\":{\"b\":[[],{},[{\"c\":false}]]},\"n\":-0.0e-12}",
          "{\"sub\":\"a\",\"x\":1,\"\\u0078\":2}");
  private static final byte[] BYTES =
      "{}[]\",:\\u0eE+-.aA \n\u0000\u0080\u00C3\u00FF=_/".getBytes(ISO_8859_1);

  private MutatedToken() {}

  /** A token without bytes that end or begin an HTTP header. */
  static byte[] next(RandomGenerator random) {
    byte[] header = pick(HEADERS, random);
    byte[] claims = pick(CLAIMS, random);
    if (random.nextInt(3) == 0) {
      header = mutate(header, random, BYTES);
    }
    if (random.nextInt(3) == 0) {
      claims = mutate(claims, random, BYTES);
    }
    byte[] token = Tokens.signedBytes(header, claims).getBytes(US_ASCII);
    if (random.nextInt(3) == 0) {
      byte[] letters = "ABCabc012-_.=+/!~".getBytes(US_ASCII);
      token = mutate(token, random, letters);
    }
    return token;
  }

  private static byte[] pick(List<String> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size())).getBytes(ISO_8859_1);
  }

  private static byte[] mutate(byte[] bytes, RandomGenerator random, byte[] alphabet) {
    byte[] result = bytes.clone();
    for (int i = random.nextInt(3); i >= 0 && result.length > 1; i--) {
      int at = random.nextInt(result.length);
      switch (random.nextInt(4)) {
        case 0 -> result[at] = alphabet[random.nextInt(alphabet.length)];
        case 1 -> result = Arrays.copyOf(result, at + 1);
        case 2 -> {
          byte[] longer = new byte[result.length + 1];
          System.arraycopy(result, 0, longer, 0, at);
          longer[at] = alphabet[random.nextInt(alphabet.length)];
          System.arraycopy(result, at, longer, at + 1, result.length - at);
          result = longer;
        }
        default -> {
          byte swapped = result[at];
          int other = random.nextInt(result.length);
          result[at] = result[other];
          result[other] = swapped;
        }
      }
    }
    return result;
  }
}
