package dev.troth.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ApiClient;
import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.demo.story.Failure;
import dev.troth.cli.demo.story.Ids;
import dev.troth.testkit.Size;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/**
 * The demo as a user runs it: seven processes on free ports, one data folder, killed and started
 * again. The customers stay away (a rate of 0), so that each order here is the test's own.
 */
@TestMethodOrder(OrderAnnotation.class)
@SuppressWarnings("NullAway.Init")
final class DemoTest {
  @TempDir static Path folder;

  private static Process demo;
  private static DemoFile.Addresses at;
  private static String firstOrder;

  @BeforeAll
  static void start() throws IOException {
    System.setProperty("troth.home", System.getProperty("troth.root"));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dtroth.home=" + System.getProperty("troth.home"),
            "-cp",
            System.getProperty("java.class.path"),
            Troth.class.getName(),
            "demo",
            "--data",
            data().toString(),
            "--port",
            "0",
            "--orders-port",
            "0",
            "--otlp-port",
            "0",
            "--rate",
            "0");
    File log = folder.resolve("demo.log").toFile();
    demo =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    Optional<DemoFile.Addresses> addresses =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> DemoFile.read(data()).filter(found -> found.pid() == demo.pid()),
                found -> found.isPresent() || !demo.isAlive());
    at = addresses.orElseThrow(() -> new AssertionError(contentOf(log)));
  }

  @AfterAll
  static void stop() {
    demo.destroyForcibly();
  }

  @Test
  @Order(1)
  void anOrderGoesFromTheApiToTheInboxOfWhoWatches() {
    JsonNode order = post("ESPRESSO-MACHINE");
    firstOrder = order.path("orderId").asString();

    assertThat(api(at.store()).get("/orders/" + firstOrder).document()).isEqualTo(order);
    JsonNode change = onlyChangeOf(firstOrder);
    assertThat(change.path("type").asString()).isEqualTo("order_placed");
    assertThat(change.path("after").path("orderId").asString()).isEqualTo(firstOrder);
    assertThat(change.path("event").path("id").asString()).isEqualTo(firstOrder + "-placed");

    JsonNode seen = seenByConsumer(firstOrder);
    assertThat(seen.path("order")).isEqualTo(order);
    assertThat(seen.path("eventId").asString()).isEqualTo(firstOrder + "-placed");

    JsonNode told =
        await()
            .until(
                () -> items("/api/inbox").filter(item -> isAbout(item, firstOrder)).toList(),
                found -> !found.isEmpty())
            .getFirst();
    assertThat(told.path("seq").asLong()).isEqualTo(change.path("seq").asLong());
  }

  @Test
  @Order(2)
  void aSmallOrderIsNobodysNotification() {
    String small = post("MUG").path("orderId").asString();

    var _ = seenByConsumer(small);
    assertThat(items("/api/inbox")).noneMatch(item -> isAbout(item, small));
  }

  @Test
  @Order(3)
  void aFaultHidesBehindThe201AndEndsWhenTold() {
    Ran fault = troth("demo", "fault", "publish", "--for", "5m", "--data", data().toString());
    assertThat(fault.exit()).isEqualTo(ExitCode.OK);
    assertThat(fault.out()).contains("publish for 5m");

    String lost = post("MUG").path("orderId").asString();
    assertThat(api(at.store()).get("/orders/" + lost).document().path("orderId").asString())
        .isEqualTo(lost);
    assertThat(troth("demo", "fault", "off", "--data", data().toString()).exit()).isZero();

    String next = post("MUG").path("orderId").asString();
    var _ = seenByConsumer(next);
    assertThat(changesOf(lost)).isEmpty();
  }

  @Test
  @Order(4)
  void mistakesAreOneLineWithTheRightExitCode() {
    Ran unknown = troth("demo", "fault", "flood", "--data", data().toString());
    assertThat(unknown.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(unknown.err())
        .contains("flood", "publish", "slow-db", "bad-payload", "bad-token", "retries");
    Ran tale = troth("demo", "story", "--fault", "flood", "--data", data().toString());
    assertThat(tale.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(tale.err()).contains("flood", "bad-token");
    Ran nowhere = troth("demo", "--replicas", "2", "--postgres", folder.toString());
    assertThat(nowhere.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(nowhere.err()).contains("there is none in " + folder, "--postgres").hasLineCount(1);
    Ran endless = troth("demo", "fault", "publish", "--for", "2h", "--data", data().toString());
    assertThat(endless.exit()).isEqualTo(ExitCode.USAGE);
    Ran elsewhere = troth("demo", "fault", "publish", "--data", folder.resolve("no").toString());
    assertThat(elsewhere.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(elsewhere.err()).contains("no demo is running").hasLineCount(1);
    Ran second = troth("demo", "--data", data().toString());
    assertThat(second.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(second.err()).contains("is running in").hasLineCount(1);
  }

  @Test
  @Order(4)
  void withoutATokenNobodyOrders() throws Exception {
    HttpRequest order =
        HttpRequest.newBuilder(at.api().resolve("/orders"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> refused = client.send(order, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("expected the header Authorization: Bearer TOKEN");
    }
    Path key = data().resolve("demo/orders.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  @Order(4)
  void theServicesTakeTheContractOfTheEventFromTheRegistry() {
    JsonNode latest =
        api(at.console()).get("/registry/subjects/order_placed-value/versions/latest").document();
    assertThat(latest.path("version").asInt()).isEqualTo(1);
    for (String service : List.of("handler", "consumer")) {
      assertThat(contentOf(data().resolve("demo/logs/" + service + ".log").toFile()))
          .contains("order_placed 1.0.0 is version 1 of order_placed-value at " + at.console());
    }
  }

  /** Each hand-over from room to room, asked of the rooms themselves by the ids that link them. */
  @Test
  @Order(4)
  void theStoryIsLinkedFromRoomToRoomByItsIds() throws Exception {
    boolean recovery = Size.ofThisRun() == Size.FULL;
    Ids ids = StoryLinks.tell(at, data(), Failure.PUBLISH, recovery);

    StoryLinks links = new StoryLinks(at);
    links.assertKept(ids.order());
    links.assertFailed(ids.failure(), "bus");
    links.assertTold(ids.fired(), "alert.fired", ids.failure());
    assertThat(ids.resolved()).hasSize(recovery ? 1 : 0);
    ids.resolved().forEach(told -> links.assertTold(told, "alert.resolved", ids.failure()));

    String page = fetch(at.mailbox());
    assertThat(letters(page)).filteredOn(alert -> alert.equals("page")).hasSize(1);
    assertThat(page).contains("id=\"" + ids.fired().mail() + "\"");
    Matcher link =
        Pattern.compile("href=\"(http://127\\.0\\.0\\.1:\\d+/go/slo/orders)\"").matcher(page);
    assertThat(link.find()).as(page).isTrue();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> opened =
          client.send(
              HttpRequest.newBuilder(URI.create(link.group(1))).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(opened.headers().firstValue("Location")).hasValue("/objectives/orders");
    }
    assertThat(contentOf(folder.resolve("demo.log").toFile()))
        .contains("troth slo export cloudformation", "troth slo lint", at.mailbox().toString());
    String tour = fetch(at.console().resolve("/tour"));
    assertThat(tour).contains(ids.failure().incident(), "change " + ids.fired().seq());
    if (recovery) {
      assertThat(tour).contains("recovered ", "change " + ids.resolved().getFirst().seq());
    } else {
      assertThat(tour).contains("A promise is broken");
    }
  }

  @Test
  @Order(4)
  void tokensOfAnUnknownKeyAreRefusedAndTheDeveloperIsToldOfThem() {
    Ids ids = StoryLinks.tell(at, data(), Failure.BAD_TOKEN, false);

    assertThat(ids.failure().objective()).isEqualTo("orders-tokens");
    StoryLinks links = new StoryLinks(at);
    links.assertFailed(ids.failure(), "gate");
    links.assertTold(ids.fired(), "alert.fired", ids.failure());
    JsonNode orders = api(at.console()).get("/api/objectives/orders").document();
    assertThat(orders.path("chain").path("steps"))
        .as("what the gate refuses is no failure of the chain")
        .noneSatisfy(step -> {
          assertThat(step.path("name").asString()).isEqualTo("gateway");
          assertThat(step.path("bad").asInt()).isPositive();
        });
  }

  /** The alerts of the letters about the objective, in one word each. */
  private static List<String> letters(String page) {
    return Pattern.compile(
            "Change: alert\\.fired, version \\d+.*?alert: (?:none → )?(\\w+)", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static String fetch(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  @Order(5)
  void killedItLeavesNothingBehindAndGoesOnWithTheSameData() throws Exception {
    List<ProcessHandle> children = demo.descendants().toList();
    assertThat(children).hasSize(6);

    demo.destroyForcibly().waitFor();

    await().untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));

    start();
    assertThat(onlyChangeOf(firstOrder).path("type").asString()).isEqualTo("order_placed");
    assertThat(items("/api/inbox")).anyMatch(item -> isAbout(item, firstOrder));
    String next = post("MUG").path("orderId").asString();
    var _ = seenByConsumer(next);
    assertThat(seenByConsumer(firstOrder)).isNotNull();
  }

  @Test
  @Order(6)
  void aChildThatEndsIsNamedAndEndsTheDemo() throws Exception {
    List<ProcessHandle> children = demo.descendants().toList();
    ProcessHandle store =
        children.stream()
            .filter(child -> child.info().commandLine().orElse("").contains(".store.Store"))
            .findFirst()
            .orElseThrow();

    store.destroyForcibly();

    assertThat(demo.waitFor()).isEqualTo(ExitCode.FAILED);
    assertThat(folder.resolve("demo.log"))
        .content()
        .contains("store has ended with exit code 137, so the demo ends");
    await().untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
  }

  private static Path data() {
    return folder.resolve("data");
  }

  private static ApiClient api(URI service) {
    return new ApiClient(service, Optional.empty());
  }

  private static JsonNode post(String sku) {
    int cents = sku.equals("MUG") ? 1_200 : 64_900;
    return new ApiClient(at.api(), Optional.of(token()))
        .post(
            "/orders",
            Map.of(
                "customer",
                "ada",
                "currency",
                "EUR",
                "items",
                List.of(Map.of("sku", sku, "quantity", 1, "unitCents", cents))))
        .document();
  }

  private static String token() {
    return contentOf(data().resolve("demo/orders.token").toFile()).strip();
  }

  private static JsonNode seenByConsumer(String order) {
    return await()
        .ignoreExceptionsMatching(e -> e instanceof CommandException)
        .until(
            () -> api(at.consumer()).get("/orders/" + order).document(), seen -> seen.has("order"));
  }

  private static List<JsonNode> changesOf(String order) {
    return items("/api/subjects/changes?target=order/" + order).toList();
  }

  private static JsonNode onlyChangeOf(String order) {
    List<JsonNode> changes = changesOf(order);
    assertThat(changes).hasSize(1);
    return changes.getFirst();
  }

  private static Stream<JsonNode> items(String path) {
    return new ArrayList<>(
            api(at.console()).get(path).document().path("items").valueStream().toList())
        .stream();
  }

  private static boolean isAbout(JsonNode item, String order) {
    return item.path("subject").asString().equals("order/" + order);
  }

  /** What a command came to. */
  private record Ran(int exit, String out, String err) {}

  private static Ran troth(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Ran(troth.execute(arguments), out.toString(), err.toString().strip());
  }
}
