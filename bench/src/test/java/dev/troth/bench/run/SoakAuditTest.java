package dev.troth.bench.run;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.testkit.NodeScript;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The auditor of bench/soak, given forged logs and honest ones. */
class SoakAuditTest {
  @TestFactory
  Stream<DynamicTest> whatIsForgedIsFound() throws Exception {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "node"))),
        "no Node: apt-get install nodejs");
    return NodeScript.in("bench/soak").checks("audit.test.mjs");
  }
}
