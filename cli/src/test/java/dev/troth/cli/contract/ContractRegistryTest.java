package dev.troth.cli.contract;

import static dev.troth.cli.Ran.contract;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.cli.Ran;
import dev.troth.cli.command.ApiClient;
import dev.troth.contracts.Contract;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code troth contract publish} and {@code pull}. */
class ContractRegistryTest {
  private static final String ORDER =
      """
      contract: order
      version: %s
      owner: orders
      schema:
        type: object
        required: [id]
        properties: {id: {type: %s}, lines: {type: array, items: {$ref: line.json}}}
      rules: [{id: named, check: size(this.id) > 0}]
      """;

  @TempDir private Path folder = Path.of("");

  private Platform platform;
  private String server = "";

  @BeforeEach
  void start() throws Exception {
    platform =
        Main.start(
            Config.load(
                Inputs.flagsOnly(
                    Map.of(
                        "data",
                        folder.resolve("data").toString(),
                        "http.listen",
                        "0",
                        "registry.listen",
                        "off",
                        "otlp.http",
                        "off",
                        "otlp.grpc",
                        "off"))),
            Clock.systemUTC());
    server = "http://127.0.0.1:" + platform.port("http").orElseThrow();
    Files.writeString(folder.resolve("line.json"), "{\"type\":\"object\",\"required\":[\"sku\"]}");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private Path order(String version, String type) throws Exception {
    return Files.writeString(folder.resolve("order.contract.yaml"), ORDER.formatted(version, type));
  }

  /** The next version counts with numbers, and knows no rule. */
  private Path numbered() throws Exception {
    return Files.writeString(
        folder.resolve("order.contract.yaml"),
        ORDER.formatted("1.2.0", "integer").replaceAll("(?m)^rules:.*\n", ""));
  }

  private Ran publish(Path file, Object... more) {
    Object[] arguments = new Object[more.length + 4];
    arguments[0] = "publish";
    arguments[1] = file;
    arguments[2] = "--server";
    arguments[3] = server;
    System.arraycopy(more, 0, arguments, 4, more.length);
    return contract(arguments);
  }

  private Ran pull(Object... arguments) {
    Object[] all = new Object[arguments.length + 5];
    all[0] = "pull";
    all[1] = "--server";
    all[2] = server;
    all[3] = "--out";
    all[4] = folder.resolve("pulled");
    System.arraycopy(arguments, 0, all, 5, arguments.length);
    return contract(all);
  }

  /** As a client of another maker registers it, with one rule of each kind. */
  @Test
  void theConditionsBesideASchemaArePulledWithIt() throws Exception {
    String registered =
        """
        {"schemaType":"JSON","schema":"{\\"type\\":\\"object\\"}","ruleSet":{"domainRules":[
          {"name":"ssn","kind":"CONDITION","type":"CEL","mode":"WRITE","expr":"size(message.ssn) == 9"},
          {"name":"seal","kind":"TRANSFORM","type":"ENCRYPT","mode":"WRITEREAD"}]}}
        """;
    register("people-value", registered);
    Ran pulled = pull("people");
    assertThat(pulled.exitCode()).as(pulled.toString()).isZero();
    assertThat(pulled.out())
        .contains(
            "people-value: rule 'seal' is not run: its kind is TRANSFORM, expected CONDITION");
    Path contract = folder.resolve("pulled/people.contract.json");
    Path bad = Files.writeString(folder.resolve("bad.json"), "{\"ssn\":\"12\"}");
    Ran validated = contract("validate", contract, bad);
    assertThat(validated.exitCode()).as(validated.toString()).isEqualTo(1);
    assertThat(validated.out()).contains("rule ssn");
    assertThat(pull("--lock").exitCode()).as("the lock knows it again").isZero();
  }

  private void register(String subject, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("%s/registry/subjects/%s/versions".formatted(server, subject)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void twoSubjectsAreNeverPulledIntoOneFile() throws Exception {
    String schema =
        "{\"schemaType\":\"JSON\",\"schema\":\"{\\\"type\\\":\\\"object\\\",\\\"title\\\":\\\"%s\\\"}\"}";
    register("shop%2Fcup-value", schema.formatted("shop"));
    register("bank%2Fcup-value", schema.formatted("bank"));
    Ran both = pull("shop/cup", "bank/cup");
    assertThat(both.exitCode()).as(both.toString()).isEqualTo(2);
    Path file = folder.resolve("pulled/cup.contract.json");
    assertThat(both.err())
        .contains("shop/cup-value and bank/cup-value would both be " + file + ": pull them with");
    assertThat(file).doesNotExist();
    assertThat(pull("bank/cup").exitCode()).isZero();
    assertThat(file).content().contains("bank");
  }

  @Test
  void aPublishedContractIsPulledWhole() throws Exception {
    assertThat(publish(order("1.0.0", "string"), "--test"))
        .isEqualTo(new Ran(0, "order-value: order 1.0.0 is compatible\n", ""));
    assertThat(pull("order").exitCode()).isEqualTo(2);
    assertThat(publish(order("1.0.0", "string")))
        .isEqualTo(new Ran(0, "order-value: order 1.0.0 is registered, id 1\n", ""));
    Ran pulled = pull("order");
    assertThat(pulled.exitCode()).as(pulled.toString()).isZero();
    Path file = folder.resolve("pulled/order.contract.json");
    Contract contract = Contract.load(file);
    assertThat(contract.rules()).hasSize(1);
    byte[] bad = "{\"id\":\"a\",\"lines\":[{}]}".getBytes(StandardCharsets.UTF_8);
    assertThat(contract.inspector().isValid(bad)).isFalse();
    assertThat(folder.resolve("pulled/troth.lock.json")).content().contains("\"order-value\"");
  }

  @Test
  void whatBreaksIsRefusedWithExitCodeOneUnlessTheMajorIsRaised() throws Exception {
    publish(order("1.0.0", "string"));
    Ran refused = publish(order("1.1.0", "integer"));
    assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
    assertThat(refused.out()).contains("order 1.1.0 is refused");
    Ran tested = publish(order("1.1.0", "integer"), "--test");
    assertThat(tested.exitCode()).isEqualTo(1);
    assertThat(tested.out()).contains("/id found");
    assertThat(publish(order("2.0.0", "integer")).exitCode()).isZero();
  }

  @Test
  void theLockPullsTheSameAgain() throws Exception {
    Ran without = pull("--lock");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).contains("troth.lock.json does not exist: pull once without --lock");
    publish(order("1.0.0", "string"));
    pull("order");
    publish(order("2.0.0", "integer"));
    Path file = folder.resolve("pulled/order.contract.json");
    String first = Files.readString(file);
    Files.delete(file);
    Ran locked = pull("--lock");
    assertThat(locked).isEqualTo(new Ran(0, "order-value: version 1 in " + file + "\n", ""));
    assertThat(file).hasContent(first);

    Path lock = folder.resolve("pulled/troth.lock.json");
    Files.writeString(
        lock, Files.readString(lock).replaceFirst("\"sha256\": \"....", "\"sha256\": \"0000"));
    Ran other = pull("--lock");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.out()).contains("is not what the lock says");
    assertThat(pull("--lock", "none").exitCode()).isEqualTo(2);
    assertThat(pull("order").out()).contains("version 2");
  }

  @Test
  void aBareSchemaIsPublishedAndPulledToo() throws Exception {
    Path schema =
        Files.writeString(folder.resolve("item.json"), "{\"$id\": \"item\", \"type\": \"object\"}");
    assertThat(publish(schema).out()).isEqualTo("item-value: item 1.0.0 is registered, id 1\n");
    pull("item");
    Contract contract = Contract.load(folder.resolve("pulled/item.contract.json"));
    assertThat(contract.version()).hasToString("1.0.0");
  }

  @Test
  void aVersionIsCheckedAgainstWhatIsPublished() throws Exception {
    Path file = order("1.0.0", "string");
    assertThat(contract("check", file, "--against", server).out())
        .contains("nothing earlier to compare with");
    publish(file);
    publish(order("1.1.0", "string"));
    Ran fine = contract("check", order("1.2.0", "string"), "--against", server);
    assertThat(fine.exitCode()).as(fine.toString()).isZero();
    assertThat(fine.out()).contains("order 1.2.0 against 1.1.0");
    Ran broken =
        contract("check", order("1.3.0", "integer"), "--against", "registry", "--server", server);
    assertThat(broken.exitCode()).as(broken.toString()).isEqualTo(1);
    assertThat(broken.out()).contains("REFUTED", "backward/type").doesNotContain("read by");
    Ran nobody = contract("check", order("1.3.0", "string"), "--against", "http://127.0.0.1:1");
    assertThat(nobody.exitCode()).isEqualTo(3);
    assertThat(nobody.err()).contains("nothing answers at http://127.0.0.1:1");
  }

  @Test
  void whoSaysThatTheyReadItIsNamedWhenItBreaks() throws Exception {
    publish(order("1.0.0", "string"));
    Ran pulled = pull("order", "--as", "billing");
    assertThat(pulled.exitCode()).as(pulled.toString()).isZero();
    assertThat(pulled.out()).contains("order-value: billing depends on it, and watches it");
    assertThat(pull("order", "--as", "billing").exitCode()).as("twice is once").isZero();
    assertThat(pull("order", "--as", "no good name!").exitCode()).isEqualTo(2);

    Ran refused = publish(order("1.1.0", "integer"));
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).contains("it is read by billing (version 1)");
    Ran checked = contract("check", order("1.1.0", "integer"), "--against", server);
    assertThat(checked.out()).contains("it is read by billing (version 1)");

    ApiClient client = new ApiClient(URI.create(server), Optional.empty());
    assertThat(client.get("/api/watches").document().at("/items/0/target").asString())
        .isEqualTo("contract/order");
    assertThat(
            client
                .get("/api/contracts/order-value/consumers")
                .document()
                .at("/items/0/consumer")
                .asString())
        .isEqualTo("billing");
    client.delete("/api/contracts/order-value/consumers/billing");
    assertThat(publish(order("1.1.0", "integer")).out()).doesNotContain("read by");
  }

  @Test
  void aBreakArrivesAsATestThatFails() throws Exception {
    publish(order("1.0.0", "string"));
    pull("order", "--as", "billing");
    publish(order("1.1.0", "string"));
    Path out = folder.resolve("tests");
    for (String language : List.of("java", "python", "go")) {
      Ran checked =
          contract(
              "check",
              numbered(),
              "--against",
              server,
              "--for",
              "billing",
              "--emit-test",
              language,
              "--test-out",
              out.resolve(language));
      assertThat(checked.exitCode()).as(checked.toString()).isEqualTo(1);
      assertThat(checked.out()).contains("against 1.0.0", "a test that fails");
    }
    // The consumer's own version refuses what the next one writes, and the next one what it wrote.
    fails(
        out.resolve("python"),
        "ReadsTheNext",
        "python3",
        "-m",
        "unittest",
        "order_1_0_0.test_reads_the_next");
    fails(
        out.resolve("python"),
        "ReadsTheEarlier",
        "python3",
        "-m",
        "unittest",
        "order_1_2_0.test_reads_the_earlier");
    Files.writeString(out.resolve("go/go.mod"), "module broken\n\ngo 1.19\n");
    fails(out.resolve("go"), "TestReadsTheNextVersion", "go", "test", "./order_1_0_0");
    Method test = compiled(out.resolve("java"), "order_1_0_0.OrderReadsTheNextTest");
    assertThatThrownBy(() -> test.invoke(made(test.getDeclaringClass())))
        .rootCause()
        .hasMessageContaining("/id");

    Ran unknown = contract("check", numbered(), "--against", server, "--for", "ada");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("'ada', expected a consumer of order-value: billing");
    assertThat(contract("check", numbered(), "--against", server, "--emit-test", "go").exitCode())
        .isEqualTo(2);
  }

  /** The only test of a class among sources in a folder. */
  private static Method compiled(Path sources, String name) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d"));
    Path classes = Files.createDirectories(sources.resolveSibling("classes"));
    arguments.add(classes.toString());
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
    }
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(exit).isZero();
    URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
    Method test = loader.loadClass(name).getDeclaredMethod("readsTheNextVersion");
    test.setAccessible(true);
    return test;
  }

  private static Object made(Class<?> type) throws ReflectiveOperationException {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  private static void fails(Path folder, String named, String... command) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, command[0]))),
        command[0] + " is not on this machine");
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    assertThat(said).contains(named).contains("/id");
  }
}
