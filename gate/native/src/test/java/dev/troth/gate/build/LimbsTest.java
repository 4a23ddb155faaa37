package dev.troth.gate.build;

import static java.math.BigInteger.ONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.host.NativeGate;
import dev.troth.testkit.Property;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native host's products and sums are BigInteger's. */
class LimbsTest {
  private static final BigInteger P256 =
      new BigInteger("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF", 16);
  private static final BigInteger P25519 = ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  @TempDir private Path folder = Path.of("");

  @Test
  void productsSumsAndDifferencesAreBigIntegers() throws Exception {
    NativeGate.require("gate.wasm");
    Process process = new ProcessBuilder(program().toString()).start();
    try (DataInputStream answers = new DataInputStream(process.getInputStream())) {
      Property.of("limbs.c is BigInteger")
          .runs(4000, 400_000)
          .check(random -> {
            int pairs =
                switch (random.nextInt(4)) {
                  case 0 -> 4;
                  case 1 -> 6;
                  case 2 -> 1 + random.nextInt(10);
                  default -> 32 + random.nextInt(97);
                };
            BigInteger modulus = modulus(pairs, random);
            BigInteger a = number(pairs, random).mod(modulus);
            BigInteger b = number(pairs, random).mod(modulus);
            int operation = random.nextInt(4);
            if (operation < 2 && random.nextBoolean()) {
              // One operand of a product may be any number of so many limbs.
              a = number(pairs, random);
            }
            BigInteger r = ONE.shiftLeft(64 * pairs);
            BigInteger expected =
                switch (operation) {
                  case 0, 1 -> a.multiply(b).multiply(r.modInverse(modulus)).mod(modulus);
                  case 2 -> a.add(b).mod(modulus);
                  default -> a.subtract(b).mod(modulus);
                };
            assertThat(ask(process, answers, operation, pairs, List.of(a, b, modulus)))
                .isEqualTo(expected);
          });
    } finally {
      process.destroy();
    }
  }

  private static BigInteger ask(
      Process process, DataInputStream answers, int operation, int pairs, List<BigInteger> operands)
      throws IOException {
    BigInteger word = ONE.shiftLeft(64);
    BigInteger inverse = operands.getLast().modInverse(word).negate();
    ByteBuffer asked = ByteBuffer.allocate(16 + 24 * pairs).order(ByteOrder.LITTLE_ENDIAN);
    asked.putLong(inverse.longValue()).putInt(2 * pairs).putInt(operation);
    for (BigInteger operand : operands) {
      asked.put(bytes(operand, 8 * pairs));
    }
    process.getOutputStream().write(asked.array());
    process.getOutputStream().flush();
    byte[] answer = new byte[8 * pairs];
    answers.readFully(answer);
    return new BigInteger(1, reversed(answer));
  }

  private static BigInteger modulus(int pairs, RandomGenerator random) {
    if (pairs == 4 && random.nextBoolean()) {
      return random.nextBoolean() ? P256 : P25519;
    }
    BigInteger number = number(pairs, random).setBit(0).setBit(1);
    return random.nextBoolean() ? number.setBit(64 * pairs - 1) : number;
  }

  /** A random number of so many pairs of limbs, often with many ones or zeros. */
  private static BigInteger number(int pairs, RandomGenerator random) {
    byte[] bytes = new byte[8 * pairs];
    random.nextBytes(bytes);
    if (random.nextInt(3) == 0) {
      int from = random.nextInt(bytes.length);
      Arrays.fill(
          bytes,
          from,
          from + 1 + random.nextInt(bytes.length - from),
          (byte) (random.nextBoolean() ? 0xFF : 0));
    }
    return new BigInteger(1, bytes);
  }

  private static byte[] bytes(BigInteger number, int count) {
    byte[] big = number.toByteArray();
    byte[] bytes = new byte[count];
    for (int i = 0; i < Math.min(count, big.length); i++) {
      bytes[i] = big[big.length - 1 - i];
    }
    return bytes;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  private Path program() throws IOException {
    Path project = Path.of("").toAbsolutePath();
    Toolchain tools = Toolchain.install(project, project.resolve("node_modules/.zig-cache"));
    String target = "x86_64-linux-musl";
    Path c = project.resolve("src/main/c");
    Path limbs = folder.resolve("limbs.o");
    Path driver = folder.resolve("driver.o");
    tools.compile(target, c.resolve("limbs.c"), limbs, List.of("-O2"));
    tools.compile(target, project.resolve("src/test/c/limbs.c"), driver, List.of("-O1", "-I" + c));
    Path program = folder.resolve("limbs");
    tools.link(target, List.of(limbs, driver), program);
    return program;
  }
}
