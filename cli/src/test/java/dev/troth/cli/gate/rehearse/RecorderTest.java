package dev.troth.cli.gate.rehearse;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.cli.Ran;
import dev.troth.cli.command.ExitCode;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.serve.GateChecker;
import dev.troth.gate.serve.GateServer;
import dev.troth.gate.serve.VerdictListener.Place;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final GateKey.Secret FORMER = secret("2026-01", 'a');
  private static final GateKey.Secret NEWER = secret("2026-02", 'b');

  @TempDir private Path folder = Path.of("");

  @Test
  void everyCallerWhoWouldBeRefusedIsNamed() throws Exception {
    Path recorded = folder.resolve("recorded");
    Keyring both = new Keyring(List.of(FORMER, NEWER));
    Recorder recorder = recorder(recorded, () -> List.of(both));
    Gate gate = new Gate(both, Policy.DEFAULT, Gate.javaEngine(), () -> NOW);
    try (recorder;
        GateServer server =
            GateServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                new GateChecker(gate, () -> NOW, recorder),
                ServiceSettings.DEFAULT,
                GateServer.Limits.DEFAULT);
        HttpClient client = HttpClient.newHttpClient()) {
      String billing = token(FORMER, "{\"sub\":\"b\",\"client_id\":\"billing-svc\"}");
      String shop = token(NEWER, "{\"sub\":\"shop\"}");
      for (int i = 0; i < 3; i++) {
        assertThat(ask(client, server, "/auth/orders?q=" + i, billing)).isEqualTo(200);
        assertThat(ask(client, server, "/auth/orders", shop)).isEqualTo(200);
      }
      assertThat(ask(client, server, "/auth/x", token(NEWER, "{\"sub\":\"late\",\"exp\":1}")))
          .isEqualTo(401);
      assertThat(ask(client, server, "/auth/x", "a.b.c")).isEqualTo(401);
    }
    Ran ran = rehearse(recorded, keys(NEWER));
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(ran.out())
        .isEqualTo(
            """
            1 caller would be refused
              billing-svc (sub b): key id 2026-01 is no longer among the keys, GET /orders, 3 requests, last 2026-03-01T12:00:00Z
            7 requests of 3 callers in the recording, 4 as now
            1 request with what is no token were refused, and would be again
            """);
    assertThat(rehearse(recorded, keys(FORMER, NEWER)).exitCode()).isEqualTo(ExitCode.OK);
    Ran json = rehearse(recorded, keys(NEWER), "--format", "json");
    assertThat(json.out())
        .contains("\"caller\": \"billing-svc\"", "\"then\": \"key_not_found\"", "\"requests\": 3");
  }

  @Test
  void aRuleThatOpensADoorIsNamedToo() throws Exception {
    Path recorded = folder.resolve("recorded");
    String token = token(NEWER, "{\"sub\":\"ann\",\"exp\":" + (NOW.getEpochSecond() - 10) + "}");
    try (Recorder recorder = recorder(recorded, () -> List.of(new Keyring(List.of(NEWER))))) {
      recorder.told(token.getBytes(US_ASCII), Reason.EXPIRED, null);
    }
    Ran ran = rehearse(recorded, keys(NEWER), "--leeway", "60");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(ran.out())
        .startsWith("1 caller would be accepted\n  ann: it is refused now: expired, 1 request");
    assertThat(
            rehearse(recorded, keys(NEWER), "--leeway", "60", "--at", "2026-03-02T00:00:00Z").out())
        .startsWith("1 request of 1 caller in the recording, 1 as now\n");
    assertThat(rehearse(recorded, keys(NEWER), "--at", "tomorrow").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aTokenOfAKeyThatNobodyHadStaysUnknown() throws Exception {
    Path recorded = folder.resolve("recorded");
    try (Recorder recorder = recorder(recorded, () -> List.of(new Keyring(List.of(FORMER))))) {
      recorder.told(
          token(NEWER, "{\"sub\":\"ann\"}").getBytes(US_ASCII), Reason.KEY_NOT_FOUND, null);
    }
    Ran ran = rehearse(recorded, keys(NEWER));
    assertThat(ran.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(ran.out())
        .startsWith(
            "1 caller cannot be told\n"
                + "  ann: no key of the recording signed it, and one of the new keys may have");
    assertThat(rehearse(recorded, keys(FORMER)).out()).startsWith("1 request of 1 caller");
  }

  @Test
  void whatIsNoWholeRecordingIsRefusedInWords() throws Exception {
    Path recorded = folder.resolve("recorded");
    try (Recorder recorder = recorder(recorded, () -> List.of(new Keyring(List.of(FORMER))))) {
      recorder.told(token(FORMER, "{\"sub\":\"ann\"}").getBytes(US_ASCII), Reason.VALID, null);
    }
    String text = Files.readString(recorded);
    refused(text.replace("ann", "bob"), "was changed or damaged");
    refused(text.substring(0, text.lastIndexOf("{\"tokens\"")), "is cut off");
    refused(text.substring(0, text.length() - 40), "is cut off");
    refused("{\"keys\":[]}\n", "is no recording of gate");
    refused("", "is no recording of gate");
    refused(text.replace("\"version\":1", "\"version\":2"), "of version 2, expected 1");
    assertThat(rehearse(folder.resolve("absent"), keys(FORMER)).err()).contains("no such file");
    assertThatThrownBy(
            () -> Recorder.start(recorded, List.of("role"), List::of, () -> NOW, problem -> {}))
        .hasMessageContaining("records the claims")
        .hasMessageContaining("name another file");
  }

  private void refused(String text, String why) throws IOException {
    Path file = Files.writeString(folder.resolve("other"), text);
    Ran ran = rehearse(file, keys(FORMER));
    assertThat(ran.err()).contains(file + " ").contains(why);
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aRecordingGoesOnAfterARestartAndHasOneWriter() throws Exception {
    Path recorded = folder.resolve("recorded");
    byte[] token = token(FORMER, "{\"sub\":\"ann\"}").getBytes(US_ASCII);
    Supplier<List<Keyring>> rings = () -> List.of(new Keyring(List.of(FORMER)));
    for (int i = 0; i < 2; i++) {
      try (Recorder recorder = recorder(recorded, rings)) {
        recorder.told(token, Reason.VALID, new Place("GET", "/a"));
        assertThatThrownBy(() -> recorder(recorded, rings))
            .hasMessageContaining("is written by another gate");
      }
    }
    assertThat(RecordingFile.read(recorded).tokens())
        .singleElement()
        .satisfies(one -> assertThat(one.uses().getFirst().count()).isEqualTo(2));
  }

  @Test
  void strangersPushOutNoCallerAndAreCounted() throws Exception {
    Path recorded = folder.resolve("recorded");
    Keyring keys = new Keyring(List.of(FORMER));
    int forged = 4 * Recording.MOST_STRANGERS;
    try (Recorder recorder = recorder(recorded, () -> List.of(keys))) {
      for (int i = 0; i < forged; i++) {
        String token = token(NEWER, "{\"sub\":\"stranger-" + i + "\"}");
        recorder.told(token.getBytes(US_ASCII), Reason.KEY_NOT_FOUND, null);
      }
      for (int i = 0; i < 10; i++) {
        String token = token(FORMER, "{\"sub\":\"ann\",\"jti\":\"" + i + "\"}");
        recorder.told(token.getBytes(US_ASCII), Reason.VALID, new Place("GET", "/a" + i % 2));
      }
    }
    Recording recording = RecordingFile.read(recorded);
    assertThat(recording.leftOut() + recording.missed())
        .isEqualTo(forged - Recording.MOST_STRANGERS);
    List<Recorded> genuine = recording.tokens().stream().filter(Recorded::isGenuine).toList();
    assertThat(genuine).hasSize(Recording.TOKENS_A_CALLER);
    // What earlier tokens were accepted for counts on.
    assertThat(genuine.stream().flatMap(one -> one.uses().stream()).mapToLong(Use::count).sum())
        .isEqualTo(10);
  }

  @Test
  void numbersBeyondAllBoundsStopNoRecording() throws Exception {
    Path recorded = folder.resolve("recorded");
    List<String> claims = new ArrayList<>();
    for (String name : TokenParts.USUAL_CLAIMS) {
      for (String number :
          List.of("1e999999", "1E-999999", "1".repeat(1_001), "-0." + "1".repeat(2_000))) {
        claims.add("{\"%s\":%s}".formatted(name, number));
        claims.add("{\"%s\":[%s]}".formatted(name, number));
      }
    }
    try (Recorder recorder = recorder(recorded, () -> List.of(new Keyring(List.of(FORMER))))) {
      for (String each : claims) {
        recorder.told(token(NEWER, each).getBytes(US_ASCII), Reason.SIGNATURE_INVALID, null);
      }
      String odd = base64("{\"alg\":\"HS256\",\"typ\":1e999999}".getBytes(US_ASCII)) + ".e30.AA";
      recorder.told(odd.getBytes(US_ASCII), Reason.TYP_NOT_ALLOWED, null);
      recorder.told(token(FORMER, "{\"sub\":\"after\"}").getBytes(US_ASCII), Reason.VALID, null);
    }
    Recording recording = RecordingFile.read(recorded);
    assertThat(recording.tokens()).extracting(one -> one.claim("sub")).containsExactly("after");
    assertThat(recording.leftOut()).isEqualTo(claims.size() + 1);
  }

  @Test
  void aRecordingOfNobodyIsNoGoodNews() throws Exception {
    Path recorded = folder.resolve("recorded");
    Keyring keys = new Keyring(List.of(FORMER));
    try (Recorder recorder = recorder(recorded, () -> List.of(keys))) {
      recorder.told("a.b.c".getBytes(US_ASCII), Reason.TOKEN_MALFORMED, null);
    }
    Ran ran = rehearse(recorded, keys(NEWER));
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.out()).startsWith("0 requests of 0 callers in the recording");
    assertThat(ran.err()).contains("has no caller, so nothing is known of these keys and rules");
  }

  @Test
  void whatNobodyForesawIsCountedAndToldOnce() throws Exception {
    Path recorded = folder.resolve("recorded");
    List<String> problems = new CopyOnWriteArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    Supplier<List<Keyring>> rings =
        () -> {
          if (asked.incrementAndGet() <= 2) {
            throw new IllegalStateException("no keys");
          }
          return List.of(new Keyring(List.of(FORMER)));
        };
    try (Recorder recorder = Recorder.start(recorded, List.of(), rings, () -> NOW, problems::add)) {
      for (String name : List.of("one", "two", "after")) {
        String token = token(FORMER, "{\"sub\":\"" + name + "\"}");
        recorder.told(token.getBytes(US_ASCII), Reason.VALID, null);
      }
    }
    Recording recording = RecordingFile.read(recorded);
    assertThat(recording.tokens()).extracting(one -> one.claim("sub")).containsExactly("after");
    assertThat(recording.leftOut()).isEqualTo(2);
    assertThat(problems)
        .containsExactly(
            "a token is left out of the recording: java.lang.IllegalStateException: no keys");
  }

  @Test
  void aVerdictNeverWaitsForTheRecorder() throws Exception {
    Path recorded = folder.resolve("recorded");
    CountDownLatch stuck = new CountDownLatch(1);
    Keyring keys = new Keyring(List.of(FORMER));
    Supplier<List<Keyring>> rings =
        () -> {
          try {
            stuck.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of(keys);
        };
    byte[] token = token(FORMER, "{\"sub\":\"ann\"}").getBytes(US_ASCII);
    int told = 20_000;
    try (Recorder recorder = recorder(recorded, rings)) {
      for (int i = 0; i < told; i++) {
        recorder.told(token, Reason.VALID, null);
      }
      stuck.countDown();
    }
    Recording recording = RecordingFile.read(recorded);
    long counted = recording.tokens().iterator().next().uses().getFirst().count();
    assertThat(recording.missed()).isPositive();
    assertThat(counted + recording.missed()).isEqualTo(told);
  }

  @Test
  void aKilledGateLeavesAWholeFile() throws Exception {
    Path recorded = folder.resolve("recorded");
    for (int round = 0; round < 4; round++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RecorderTest.class.getName(),
                  recorded.toString())
              .redirectErrorStream(true)
              .start();
      try {
        // A line for each few writes; it is killed in the midst of them.
        for (int line = 0; line <= round; line++) {
          assertThat(process.inputReader().readLine()).startsWith("told");
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(RecordingFile.read(recorded).tokens()).isNotEmpty();
    }
  }

  /** Records without end and writes all the time: what is killed. */
  public static void main(String[] args) throws Exception {
    Keyring keys = new Keyring(List.of(FORMER));
    Path file = Path.of(args[0]);
    Recorder recorder =
        Recorder.start(
            file, List.of(), () -> List.of(keys), Instant::now, problem -> {}, Duration.ofNanos(1));
    Instant end = Instant.now().plusSeconds(60);
    for (int i = 0; Instant.now().isBefore(end); i++) {
      String token = token(FORMER, "{\"sub\":\"caller-" + i % 500 + "\"}");
      recorder.told(token.getBytes(US_ASCII), Reason.VALID, null);
      if (i % 300 == 299 && !RecordingFile.read(file).tokens().isEmpty()) {
        System.out.println("told " + i);
      }
    }
  }

  private static Recorder recorder(Path file, Supplier<List<Keyring>> rings) {
    return Recorder.start(
        file,
        List.of(),
        rings,
        () -> NOW,
        problem -> {
          throw new AssertionError(problem);
        });
  }

  private static Ran rehearse(Path recorded, Path keys, String... more) {
    List<Object> args =
        new ArrayList<>(List.of("rehearse", "--recorded", recorded, "--secret-file", keys));
    args.addAll(List.of(more));
    return Ran.troth("gate", args.toArray());
  }

  private static int ask(HttpClient client, GateServer server, String path, String token)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(30))
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private Path keys(GateKey.Secret... keys) throws IOException {
    List<String> members = new ArrayList<>();
    for (GateKey.Secret key : keys) {
      members.add(
          "{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"%s\",\"k\":\"%s\"}"
              .formatted(key.id(), base64(key.secret())));
    }
    return Files.writeString(
        folder.resolve("keys"), "{\"keys\":[" + String.join(",", members) + "]}");
  }

  private static GateKey.Secret secret(String id, char letter) {
    return new GateKey.Secret(
        id, EnumSet.of(Algorithm.HS256), String.valueOf(letter).repeat(40).getBytes(US_ASCII));
  }

  private static String token(GateKey.Secret key, String claims) {
    String text =
        base64("{\"alg\":\"HS256\",\"kid\":\"%s\"}".formatted(key.id()).getBytes(US_ASCII))
            + "."
            + base64(claims.getBytes(UTF_8));
    return text + "." + base64(Signers.mac(key, Algorithm.HS256, text.getBytes(US_ASCII)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
