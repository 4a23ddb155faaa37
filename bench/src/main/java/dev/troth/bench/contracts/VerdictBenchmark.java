package dev.troth.bench.contracts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One document from bytes to verdict, in a steady state: what {@link Lap} measures with the costs
 * of starting, JMH measures without them. The corpus is the folder that the system property {@code
 * corpus} names.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms512m", "-Xmx1g"})
public class VerdictBenchmark {
  @Param({"TROTH", "NETWORKNT", "HARREL"})
  Contender contender = Contender.TROTH;

  @Param({"commitlint", "nx", "cyclonedx-1.6", "vega-lite"})
  String schema = "";

  private Predicate<byte[]> test = bytes -> false;
  private List<byte[]> documents = List.of();
  private int next;

  @Setup
  public void compile() throws IOException {
    Path folder = Path.of(System.getProperty("corpus")).resolve("schemas");
    CorpusSchema corpus = CorpusSchema.of(folder.resolve(schema));
    documents = corpus.documents();
    test = contender.compile(corpus);
  }

  @Benchmark
  public boolean verdict() {
    next = next + 1 == documents.size() ? 0 : next + 1;
    return test.test(documents.get(next));
  }
}
