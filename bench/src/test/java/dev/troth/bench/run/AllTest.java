package dev.troth.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllTest {
  private static final String FAST = "box.rate\\t3000\\t1000\\t/s\\tpeer 1\\t-\\n";
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  @TempDir Path root;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void twoBenchesOfWhichOneWasMeasured() throws Exception {
    Path bench = Files.createDirectories(root.resolve("bench"));
    Files.writeString(
        bench.resolve("measures.tsv"),
        """
        box.rate\trequests\t/s\tours/peer\t>=2\t-
        jar.memory\tmemory\tMB\tours\t<=64\t-
        """);
    Files.writeString(
        bench.resolve("results.tsv"),
        "jar.memory\t60\t-\tMB\t-\t-\t-\t2026-02-01\tidle\ta machine\trun it\n");
    benches("printf '%s' >> $BENCH_FIGURES".formatted(FAST), "bash");
  }

  @Test
  void aRunIsWrittenWithItsDateAndEarlierOnesStandIfAsked() throws Exception {
    assertThat(run(1, "--keep", "box")).isZero();
    assertThat(results())
        .contains("box.rate\t3000\t1000\t/s\t3.0\tpeer 1\t-\t2026-03-01\t1 % in use\t")
        .contains("jar.memory\t60\t");
    assertThat(Files.readString(root.resolve("bench/RESULTS.md"))).contains("| 3,000/s |");

    assertThat(run(1, "box")).isZero();
    assertThat(results()).contains("box.rate").doesNotContain("jar.memory");
  }

  @Test
  void whatWasMeasuredIsWrittenBeforeTheNextBench() throws Exception {
    Path benches = root.resolve("bench/benches.tsv");
    String copied = "cp " + root.resolve("bench/results.tsv") + " " + root.resolve("seen.tsv");
    Files.writeString(
        benches, Files.readString(benches).replace("\ttrue\ttrue\t1", "\ttrue\t" + copied + "\t1"));
    run(1, "box", "jar");
    assertThat(Files.readString(root.resolve("seen.tsv"))).contains("box.rate\t3000");
  }

  @Test
  void aMissedBarEndsWithOne() throws Exception {
    benches("printf '%s' >> $BENCH_FIGURES".formatted(FAST.replace("3000", "1000")), "bash");
    assertThat(run(1, "box")).isEqualTo(1);
    assertThat(results()).contains("\t1.0\t");
  }

  @Test
  void aBusyMachineIsRefusedAndAShortOrBusyRunIsNotKept() throws Exception {
    String before = results();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(60, "box"))
        .withMessageStartingWith("other work uses 60 % of this machine, expected at most 15 %");
    assertThat(run(60, "--busy", "box")).isZero();
    assertThat(run(1, "--quick", "box")).isZero();
    assertThat(said.toString(StandardCharsets.UTF_8)).contains("short", "Not kept");
    assertThat(results()).isEqualTo(before);
  }

  @Test
  void aBenchThatFailsOrSaysWhatNobodyKnowsEndsWithThree() throws Exception {
    String before = results();
    benches("echo broken; exit 1", "bash");
    assertThat(run(1, "box")).isEqualTo(3);
    benches("printf '%s' >> $BENCH_FIGURES".formatted(FAST.replace("rate", "other")), "bash");
    assertThat(run(1, "box")).isEqualTo(3);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("  | broken", "box: key 'box.other' does not stand in measures.tsv");
    assertThat(results()).isEqualTo(before);
  }

  @Test
  void whatIsLackingIsNamed() throws Exception {
    benches("true", "no-such-command,$NO_SUCH_FOLDER");
    assertThat(run(1, "box")).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("box is not run: it needs no-such-command, $NO_SUCH_FOLDER");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> run(1, "bax"))
        .withMessage("unknown bench 'bax', expected one of box, jar");
  }

  private void benches(String command, String needs) throws Exception {
    Files.writeString(
        root.resolve("bench/benches.tsv"),
        """
        box\ta box\t%s\ttrue\t%s\t1\techo short
        jar\ta jar\tbash\ttrue\ttrue\t1\ttrue
        """
            .formatted(needs, command));
  }

  private String results() throws Exception {
    return Files.readString(root.resolve("bench/results.tsv"));
  }

  private int run(double busy, String... arguments) throws Exception {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return new All(root, CLOCK, out, () -> busy).run(List.of(arguments));
  }
}
