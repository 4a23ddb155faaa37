package dev.troth.gate.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HashTest {
  private static final List<Algorithm> HMACS =
      List.of(Algorithm.HS256, Algorithm.HS384, Algorithm.HS512);

  @Test
  void everyLengthUpToFourBlocksHashesAsInTheJdk() throws Exception {
    for (int length = 0; length <= 512; length++) {
      byte[] data = new byte[length];
      Arrays.fill(data, (byte) (length * 31));
      check(new Sha256(), "SHA-256", data, length / 3);
      check(new Sha512(48), "SHA-384", data, length / 3);
      check(new Sha512(64), "SHA-512", data, length / 3);
    }
  }

  @Test
  void hmacsAreTheJdks() {
    Property.of("own HMAC is the JDK's")
        .runs(2_000, 100_000)
        .check(random -> {
          Algorithm algorithm = HMACS.get(random.nextInt(HMACS.size()));
          byte[] key = new byte[1 + random.nextInt(300)];
          byte[] data = new byte[random.nextInt(600)];
          random.nextBytes(key);
          random.nextBytes(data);
          String name = "HmacSHA" + algorithm.hashBytes() * 8;
          Mac jdk = Mac.getInstance(name);
          jdk.init(new SecretKeySpec(key, name));
          byte[] expected = jdk.doFinal(data);
          Hmac own = new Hmac(algorithm, key, 0, key.length);
          assertThat(own.verify(data, 0, data.length, expected, expected.length)).isTrue();
          expected[random.nextInt(expected.length)] ^= (byte) (1 << random.nextInt(8));
          assertThat(own.verify(data, 0, data.length, expected, expected.length)).isFalse();
          assertThat(own.verify(data, 0, data.length, expected, expected.length - 1)).isFalse();
        });
  }

  private static void check(Hash hash, String name, byte[] data, int cut) throws Exception {
    hash.update(data, 0, cut);
    hash.update(data, cut, data.length);
    byte[] expected = MessageDigest.getInstance(name).digest(data);
    byte[] digest = new byte[expected.length];
    hash.finish(digest);
    assertThat(digest).as(name + " of " + data.length + " bytes").isEqualTo(expected);
  }
}
