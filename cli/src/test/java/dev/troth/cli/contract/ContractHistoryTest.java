package dev.troth.cli.contract;

import static dev.troth.cli.Ran.contract;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code troth contract check --against REVISION}: a contract is its name, not its path. */
class ContractHistoryTest {
  private static final String ORDER =
      """
      contract: order
      version: %s
      owner: orders
      schema: {type: object, required: [id], properties: {id: {type: %s}}}
      """;
  private static final String NOTED =
      """
      contract: order
      version: %s
      owner: orders
      schema: {type: object, required: [id], properties: {id: {type: string}%s}}
      """;

  @TempDir private Path folder = Path.of("");

  private Path repository = Path.of("");

  @BeforeEach
  void makeRepository() throws Exception {
    repository = Files.createDirectories(folder.resolve("repository")).toRealPath();
    git("init", "--quiet", "--initial-branch=main");
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    git(repository, arguments);
  }

  private void git(Path in, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=a", "-c"));
    command.add("user.email=a@example.com");
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as("git %s: %s", command, said).isZero();
  }

  private Path write(String name, String text) throws IOException {
    Path file = repository.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void commit() throws Exception {
    git("add", "--all");
    git("commit", "--quiet", "--message", "next");
  }

  @Test
  void aContractThatMovedAndBreaksIsRefuted() throws Exception {
    write("a/order.contract.yaml", ORDER.formatted("1.0.0", "integer"));
    commit();
    Files.createDirectories(repository.resolve("b"));
    git("mv", "a/order.contract.yaml", "b/renamed.contract.yaml");
    Path moved = write("b/renamed.contract.yaml", ORDER.formatted("1.1.0", "string"));
    for (Path named : List.of(repository, repository.resolve("b"), moved)) {
      Ran run = contract("check", "--against", "main", named);
      assertThat(run.exitCode()).as("%s: %s", named, run).isEqualTo(1);
      assertThat(run.out()).contains("order 1.1.0 against 1.0.0 (backward, evolution): REFUTED");
    }
  }

  @Test
  void aContractThatLeftTheCheckedFolderIsComparedWhereItWent() throws Exception {
    write("a/order.contract.yaml", ORDER.formatted("1.0.0", "integer"));
    write("a/other.contract.yaml", ORDER.formatted("1.0.0", "integer").replace("order", "other"));
    commit();
    Files.createDirectories(repository.resolve("b"));
    git("mv", "a/order.contract.yaml", "b/order.contract.yaml");
    write("b/order.contract.yaml", ORDER.formatted("1.1.0", "string"));
    Ran run = contract("check", "--against", "main", repository.resolve("a"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("order 1.1.0 against 1.0.0 (backward, evolution): REFUTED");
  }

  @Test
  void aContractThatIsGoneIsAFinding() throws Exception {
    Path gone = write("a/order.contract.yaml", ORDER.formatted("1.0.0", "integer"));
    commit();
    Files.delete(gone);
    Ran run = contract("check", "--against", "main", repository.resolve("a"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("a/order.contract.yaml: error: the contract order was here and is gone")
        .contains("[identity/removed]");
  }

  @Test
  void aContractThatIsGoneFromAFolderIsAFinding() throws Exception {
    Path old = Files.createDirectories(folder.resolve("old"));
    Path next = Files.createDirectories(folder.resolve("new"));
    String other = ORDER.formatted("1.0.0", "integer").replace("order", "other");
    Files.writeString(old.resolve("a.contract.yaml"), ORDER.formatted("1.0.0", "integer"));
    Files.writeString(old.resolve("b.contract.yaml"), other);
    Files.writeString(next.resolve("b.contract.yaml"), other);
    Ran run = contract("check", "--against", old, next);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("the contract order was here and is gone [identity/removed]");
    assertThat(contract("check", "--against", old, next.resolve("b.contract.yaml")).exitCode())
        .isZero();
  }

  @Test
  void aContractUnderAnotherNameIsMissedUnderItsOwn() throws Exception {
    write("order.contract.yaml", ORDER.formatted("1.0.0", "integer"));
    commit();
    Path renamed =
        write("order.contract.yaml", ORDER.formatted("1.1.0", "string").replace("order", "orders"));
    Ran run = contract("check", "--against", "main", renamed);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("the contract order was here and is gone");
  }

  @Test
  void aTransitiveModeComparesWithEveryVersionInHistory() throws Exception {
    String nothing = "";
    write("a.contract.yaml", NOTED.formatted("1.0.0", ", note: {type: string}"));
    commit();
    git("mv", "a.contract.yaml", "b.contract.yaml");
    write("b.contract.yaml", NOTED.formatted("1.1.0", nothing));
    commit();
    Path next = write("b.contract.yaml", NOTED.formatted("1.2.0", ", note: {type: integer}"));
    Ran run = contract("check", "--mode", "FULL_TRANSITIVE", "--against", "main", next);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .contains("order 1.2.0 against 1.0.0 (backward, evolution): REFUTED")
        .contains("order 1.2.0 against 1.1.0 (backward, evolution): PROVED");
    assertThat(contract("check", "--against", "main", next).exitCode()).isZero();
  }

  @Test
  void aVersionWithoutANumberOfItsOwnCountsInTransitiveModesToo() throws Exception {
    write("a.contract.yaml", NOTED.formatted("1.0.0", ", note: {type: string}"));
    commit();
    write("a.contract.yaml", NOTED.formatted("1.0.0", ""));
    commit();
    Path next = write("a.contract.yaml", NOTED.formatted("1.1.0", ", note: {type: integer}"));
    Ran run = contract("check", "--mode", "BACKWARD_TRANSITIVE", "--against", "main", next);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("REFUTED");
  }

  @Test
  void aBreakInASchemaBesideCountsInHistoryToo() throws Exception {
    String referring =
        """
        contract: order
        version: %s
        owner: orders
        schema: {$ref: parts/order.json}
        """;
    String schema = "{\"type\": \"object\", \"properties\": {\"n\": {\"type\": \"%s\"}}}";
    Path file = write("a.contract.yaml", referring.formatted("1.0.0"));
    write("parts/order.json", schema.formatted("string"));
    commit();
    write("parts/order.json", schema.formatted("string").replace("\"n\"", "\"m\""));
    commit();
    write("a.contract.yaml", referring.formatted("1.1.0"));
    write("parts/order.json", schema.formatted("integer"));
    Ran run = contract("check", "--mode", "BACKWARD_TRANSITIVE", "--against", "main", file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("a document that shows it: {\"n\":\"\"}");
  }

  @Test
  void aMaintenanceReleaseFollowsItsOwnMajor() throws Exception {
    write("a.contract.yaml", ORDER.formatted("1.0.0", "string"));
    commit();
    write("a.contract.yaml", ORDER.formatted("2.0.0", "integer"));
    commit();
    Path next = write("b.contract.yaml", NOTED.formatted("1.0.1", ", note: {type: string}"));
    Ran run = contract("check", "--against", "main", next);
    assertThat(run.exitCode()).as(run.out()).isZero();
    assertThat(run.out()).contains("order 1.0.1 against 1.0.0 (backward, evolution): PROVED");
    write("b.contract.yaml", ORDER.formatted("1.0.1", "integer"));
    assertThat(contract("check", "--against", "main", next).out())
        .contains("order 1.0.1 against 1.0.0 (backward, evolution): REFUTED");
  }

  @Test
  void aMajorThatNobodyKnowsIsNoMaintenanceRelease() throws Exception {
    write("a.contract.yaml", ORDER.formatted("3.0.0", "string"));
    commit();
    Path next = write("a.contract.yaml", ORDER.formatted("2.0.0", "integer"));
    Ran run = contract("check", "--against", "main", next);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("[identity/version]");
  }

  @Test
  void aBrokenFileOfSomebodyElseStopsNobody() throws Exception {
    write("broken.contract.yaml", "contract: [");
    Path file = write("order.contract.yaml", ORDER.formatted("1.0.0", "string"));
    commit();
    write("order.contract.yaml", NOTED.formatted("1.1.0", ", note: {type: string}"));
    assertThat(contract("check", "--against", "main", file).exitCode()).isZero();
  }

  @Test
  void aContractThatWasBrokenIsComparedWithItsLastGoodVersion() throws Exception {
    Path file = write("order.contract.yaml", ORDER.formatted("1.0.0", "string"));
    commit();
    write("order.contract.yaml", "contract: [");
    commit();
    write("order.contract.yaml", ORDER.formatted("1.1.0", "integer"));
    Ran run = contract("check", "--against", "main", file);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("against 1.0.0 (backward, evolution): REFUTED");
    assertThat(run.out()).contains("[earlier/unreadable]");
  }

  @Test
  void aShallowCloneCannotAnswerATransitiveQuestion() throws Exception {
    Path file = write("a.contract.yaml", NOTED.formatted("1.0.0", ", note: {type: string}"));
    commit();
    write("a.contract.yaml", NOTED.formatted("1.1.0", ""));
    commit();
    Path clone = folder.resolve("clone");
    git("clone", "--quiet", "--depth", "1", "file://" + repository, clone.toString());
    Path next =
        Files.writeString(
            clone.toRealPath().resolve(file.getFileName()),
            NOTED.formatted("1.2.0", ", note: {type: integer}"));
    Ran run = contract("check", "--mode", "FULL_TRANSITIVE", "--against", "main", next);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("[earlier/shallow]");
    assertThat(contract("check", "--against", "main", next).exitCode()).isZero();
  }

  @Test
  void aBareSchemaCountsItsVersionsInGit() throws Exception {
    Path file = write("order.json", "{\"$id\": \"order\", \"properties\": {}}");
    commit();
    write("order.json", "{\"$id\": \"order\", \"properties\": {\"a\": {\"type\": \"string\"}}}");
    commit();
    Ran same = contract("check", "--against", "main", file);
    assertThat(same.out()).contains("order 1.1.0 against 1.1.0 (backward, evolution): PROVED");
    assertThat(same.exitCode()).isZero();
    git("mv", "order.json", "placed.json");
    Path moved =
        write(
            "placed.json",
            "{\"$id\": \"order\", \"properties\": {\"a\": {\"type\": \"integer\"}}}");
    Ran broken = contract("check", "--against", "main", moved);
    assertThat(broken.out()).contains("order 1.2.0 against 1.1.0 (backward, evolution): REFUTED");
    assertThat(broken.exitCode()).isEqualTo(1);
    Ran raised = contract("check", "--against", "main", moved, "--contract-version", "2.0.0");
    assertThat(raised.exitCode()).as(raised.out()).isZero();
    assertThat(contract("diff", "main", moved).out()).contains("order 1.1.0 → 1.2.0");
  }
}
