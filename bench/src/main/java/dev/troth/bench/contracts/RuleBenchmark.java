package dev.troth.bench.contracts;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A contract with a rule, from bytes to verdict: the validator beside the inspector, which reads
 * the whole message. The system property {@code corpus} names a folder with {@code contract.json}
 * and {@code message.json}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms512m", "-Xmx1g"})
@SuppressWarnings("NullAway.Init")
public class RuleBenchmark {
  private Validator validator;
  private Validator inspector;
  private byte[] message = {};

  @Setup
  public void load() throws IOException {
    Path folder = Path.of(System.getProperty("corpus"));
    Contract contract = Contract.load(folder.resolve("contract.json"));
    message = Files.readAllBytes(folder.resolve("message.json"));
    validator = contract.validator();
    inspector = contract.inspector();
    if (!validator.isValid(message)) {
      throw new IllegalStateException("message.json is not valid: " + validator.validate(message));
    }
  }

  @Benchmark
  public boolean validator() {
    return validator.validate(message).valid();
  }

  @Benchmark
  public boolean inspector() {
    return inspector.validate(message).valid();
  }
}
