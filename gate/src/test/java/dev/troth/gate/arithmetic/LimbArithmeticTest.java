package dev.troth.gate.arithmetic;

import static java.math.BigInteger.ONE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Signer;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.jwk.KeyDocument;
import dev.troth.gate.jwk.PublicKeyData;
import dev.troth.gate.keys.Keyring;
import dev.troth.testkit.Property;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The arithmetic over limbs gives the verdicts of the JDK's. */
class LimbArithmeticTest {
  static List<Algorithm> algorithms() {
    return Signer.ALGORITHMS;
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void signaturesOfTheJdkAreRightAndDamagedOnesAreNot(Algorithm algorithm) {
    Signer signer = Signer.of(algorithm);
    LimbArithmetic limbs = limbs(signer.jwks("k"));
    SignatureArithmetic jdk = new Keyring(List.of(signer.key("k"))).arithmetic();
    Property.of(algorithm + " over limbs is the JDK's")
        .runs(40, 20_000)
        .check(random -> {
          byte[] data = new byte[random.nextInt(300)];
          random.nextBytes(data);
          byte[] signature = signer.sign(data);
          assertThat(verify(limbs, algorithm, data, signature)).isTrue();
          byte[] damaged = damage(signature, random);
          assertThat(verify(limbs, algorithm, data, damaged))
              .isEqualTo(verify(jdk, algorithm, data, damaged));
          byte[] other = Arrays.copyOf(data, data.length + 1);
          assertThat(verify(limbs, algorithm, other, signature)).isFalse();
        });
  }

  @ParameterizedTest
  @CsvSource({"secp256r1, P256", "secp384r1, P384", "secp521r1, P521"})
  void theCurvesAreTheStandards(String name, String own) throws Exception {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(name));
    ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
    Curve curve =
        switch (own) {
          case "P256" -> Curve.p256(LimbOperations.JAVA);
          case "P384" -> Curve.p384(LimbOperations.JAVA);
          default -> Curve.p521(LimbOperations.JAVA);
        };
    assertThat(number(curve.field.limbs))
        .isEqualTo(((ECFieldFp) spec.getCurve().getField()).getP());
    assertThat(number(curve.order.limbs)).isEqualTo(spec.getOrder());
    int[] x = curve.field.zero();
    curve.field.out(x, curve.generator.x);
    assertThat(number(x)).isEqualTo(spec.getGenerator().getAffineX());
    assertThat(curve.contains(curve.generator.x, curve.generator.y)).isTrue();
  }

  @Test
  void productsModuloAnOddNumberAreBigIntegers() {
    Property.of("Montgomery's product is BigInteger's")
        .runs(500, 200_000)
        .check(random -> {
          int size = 1 + random.nextInt(9);
          int bits = 2 + random.nextInt(32 * size - 1);
          BigInteger modulus =
              random(size, random).setBit(0).setBit(bits - 1).mod(ONE.shiftLeft(bits));
          Modulus own = new Modulus(limbs(modulus, size), LimbOperations.JAVA);
          assertThat(own.bits()).isEqualTo(bits);
          assertThat(number(own.one)).isEqualTo(ONE.shiftLeft(32 * own.size).mod(modulus));
          size = own.size;
          BigInteger a = random(size, random);
          BigInteger b = random(size, random).mod(modulus);
          int[] result = own.zero();
          own.in(result, limbs(a, size));
          own.multiply(result, result, limbs(b, size));
          assertThat(number(result)).isEqualTo(a.multiply(b).mod(modulus));
          own.subtract(result, limbs(b, size), result);
          own.add(result, result, result);
          BigInteger difference = b.subtract(a.multiply(b)).mod(modulus);
          assertThat(number(result)).isEqualTo(difference.shiftLeft(1).mod(modulus));
        });
  }

  @Test
  void ecdsaRefusesNumbersOutsideTheirRange() {
    Signer signer = Signer.of(Algorithm.ES256);
    LimbArithmetic limbs = limbs(signer.jwks("k"));
    byte[] data = {1, 2, 3};
    byte[] good = signer.sign(data);
    byte[] order = bytes(Curve.p256(LimbOperations.JAVA).order.limbs, 32);
    for (int half = 0; half < 64; half += 32) {
      byte[] zero = good.clone();
      Arrays.fill(zero, half, half + 32, (byte) 0);
      assertThat(verify(limbs, Algorithm.ES256, data, zero)).isFalse();
      byte[] large = good.clone();
      System.arraycopy(order, 0, large, half, 32);
      assertThat(verify(limbs, Algorithm.ES256, data, large)).isFalse();
      Arrays.fill(large, half, half + 32, (byte) 0xFF);
      assertThat(verify(limbs, Algorithm.ES256, data, large)).isFalse();
    }
  }

  @Test
  void ed25519HasOneSpellingOfASignature() {
    Signer signer = Signer.of(Algorithm.EdDSA);
    LimbArithmetic limbs = limbs(signer.jwks("k"));
    byte[] data = {1, 2, 3};
    byte[] good = signer.sign(data);
    BigInteger order =
        new BigInteger("1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED", 16);
    byte[] s = Arrays.copyOfRange(good, 32, 64);
    byte[] larger = reversed(new BigInteger(1, reversed(s, 32)).add(order).toByteArray(), 32);
    byte[] other = good.clone();
    System.arraycopy(larger, 0, other, 32, 32);
    assertThat(verify(limbs, Algorithm.EdDSA, data, good)).isTrue();
    assertThat(verify(limbs, Algorithm.EdDSA, data, other)).isFalse();
  }

  @Test
  void rsaRefusesASignatureAboveTheModulusAndPaddingThatIsNotWhole() {
    Signer signer = Signer.of(Algorithm.RS256);
    LimbArithmetic limbs = limbs(signer.jwks("k"));
    SignatureArithmetic jdk = new Keyring(List.of(signer.key("k"))).arithmetic();
    RSAPrivateKey key = (RSAPrivateKey) signer.pair().getPrivate();
    byte[] data = {1, 2, 3};
    byte[] good = signer.sign(data);
    // The sum may need a bit more than there is room for; what is left of it is wrong as well.
    byte[] above = unsigned(new BigInteger(1, good).add(key.getModulus()), good.length);
    assertThat(verify(limbs, Algorithm.RS256, data, above)).isFalse();
    byte[] padded =
        unsigned(new BigInteger(1, good).modPow(BigInteger.valueOf(65_537), key.getModulus()), 256);
    for (int at = 0; at < padded.length; at++) {
      byte[] wrong = padded.clone();
      wrong[at] ^= 1;
      byte[] signature =
          unsigned(
              new BigInteger(1, wrong).modPow(key.getPrivateExponent(), key.getModulus()), 256);
      assertThat(verify(limbs, Algorithm.RS256, data, signature)).as("byte %d", at).isFalse();
      assertThat(verify(jdk, Algorithm.RS256, data, signature)).as("byte %d", at).isFalse();
    }
    // The hash's name without its NULL, as some signers write it (RFC 8017 §9.2 note 1).
    byte[] bare = new byte[256];
    Arrays.fill(bare, (byte) 0xFF);
    bare[0] = 0;
    bare[1] = 1;
    byte[] name = {0x30, 47, 0x30, 11, 6, 9, 0x60, (byte) 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 4, 32};
    bare[256 - 32 - name.length - 1] = 0;
    System.arraycopy(name, 0, bare, 256 - 32 - name.length, name.length);
    System.arraycopy(padded, 224, bare, 224, 32);
    byte[] signature =
        unsigned(new BigInteger(1, bare).modPow(key.getPrivateExponent(), key.getModulus()), 256);
    assertThat(verify(limbs, Algorithm.RS256, data, signature))
        .isEqualTo(verify(jdk, Algorithm.RS256, data, signature))
        .isTrue();
  }

  @Test
  void aKeyServesItsOwnAlgorithmAlone() {
    Signer signer = Signer.of(Algorithm.RS256);
    LimbArithmetic limbs = limbs(signer.jwks("k"));
    byte[] data = {1};
    byte[] signature = signer.sign(data);
    for (Algorithm algorithm : Algorithm.values()) {
      assertThat(verify(limbs, algorithm, data, signature))
          .as(algorithm.name())
          .isEqualTo(algorithm == Algorithm.RS256);
    }
    assertThat(limbs.verify(1, Algorithm.RS256, data, 0, 1, signature, signature.length)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'kty':'RSA','n':'AQAB','e':'AQAB'}|weak",
        "{'kty':'OKP','crv':'Ed25519','x':'AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}|no point",
        "{'kty':'OKP','crv':'Ed25519','x':'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}|small"
            + " order",
        "{'kty':'OKP','crv':'Ed25519','x':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}|small"
            + " order",
        "{'kty':'OKP','crv':'Ed25519','x':'7P_______________________________________38'}|small"
            + " order",
        "{'kty':'OKP','crv':'Ed25519','x':'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU'}|small"
            + " order",
        "{'kty':'OKP','crv':'Ed25519','x':'xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o'}|small"
            + " order"
      })
  void keysThatCannotVerifyAreRefusedWithTheReason(String jwk, String words) {
    LimbArithmetic limbs = new LimbArithmetic(1);
    assertThat(limbs.add(data(jwk.replace('\'', '"')))).contains(words);
    assertThat(limbs.count()).isZero();
  }

  @Test
  void aPointOffItsCurveIsNoKey() {
    String jwks = Signer.of(Algorithm.ES256).jwks("k");
    int y = jwks.indexOf("\"y\":\"") + 5;
    String moved =
        jwks.substring(0, y) + (jwks.charAt(y) == 'A' ? 'B' : 'A') + jwks.substring(y + 1);
    assertThat(new LimbArithmetic(1).add(data(moved))).contains("not a point on its curve");
  }

  private static PublicKeyData data(String json) {
    return KeyDocument.read(json.getBytes(US_ASCII), 0).keys().getFirst();
  }

  private static LimbArithmetic limbs(String jwks) {
    LimbArithmetic limbs = new LimbArithmetic(1);
    assertThat(limbs.add(data(jwks))).isEmpty();
    return limbs;
  }

  private static boolean verify(
      SignatureArithmetic arithmetic, Algorithm algorithm, byte[] data, byte[] signature) {
    return arithmetic.verify(0, algorithm, data, 0, data.length, signature, signature.length);
  }

  private static byte[] damage(byte[] signature, RandomGenerator random) {
    byte[] damaged = signature.clone();
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(damaged, random.nextInt(damaged.length));
      case 1 -> {
        random.nextBytes(damaged);
        yield damaged;
      }
      case 2 -> {
        Arrays.fill(damaged, 0, damaged.length / 2, (byte) random.nextInt(256));
        yield damaged;
      }
      default -> {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        yield damaged;
      }
    };
  }

  private static BigInteger random(int size, RandomGenerator random) {
    byte[] bytes = new byte[4 * size];
    random.nextBytes(bytes);
    if (random.nextInt(4) == 0) {
      Arrays.fill(bytes, 0, bytes.length / 2, (byte) 0xFF);
    }
    return new BigInteger(1, bytes);
  }

  private static int[] limbs(BigInteger number, int size) {
    byte[] bytes = number.toByteArray();
    int from = Math.max(0, bytes.length - 4 * size);
    return Limbs.bigEndian(bytes, from, bytes.length, size);
  }

  private static BigInteger number(int[] limbs) {
    return new BigInteger(1, bytes(limbs, 4 * limbs.length));
  }

  private static byte[] bytes(int[] limbs, int size) {
    byte[] bytes = new byte[size];
    Limbs.writeBigEndian(limbs, bytes, 0, size);
    return bytes;
  }

  private static byte[] unsigned(BigInteger number, int size) {
    byte[] bytes = number.toByteArray();
    byte[] result = new byte[size];
    int length = Math.min(size, bytes.length);
    System.arraycopy(bytes, bytes.length - length, result, size - length, length);
    return result;
  }

  private static byte[] reversed(byte[] bytes, int size) {
    byte[] result = new byte[size];
    for (int i = 0; i < Math.min(size, bytes.length); i++) {
      result[i] = bytes[bytes.length - 1 - i];
    }
    return result;
  }
}
