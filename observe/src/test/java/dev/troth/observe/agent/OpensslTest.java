package dev.troth.observe.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTPS by OpenSSL's shared library, read where it is plain: servers in several languages, with
 * curl as a client that is watched too, against the servers' own logs.
 */
final class OpensslTest {
  private static final int CLIENTS = 4;

  @TempDir Path folder;

  private int port;
  private int second;

  @BeforeEach
  void certificate() throws Exception {
    Kernel.requirePrivilege();
    Kernel.requireProgram("openssl");
    Kernel.requireProgram("curl");
    port = Kernel.freePort();
    second = Kernel.freePort();
    try (Child openssl =
        Child.start(
            folder,
            List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "1",
                "-subj",
                "/CN=localhost",
                "-keyout",
                "key.pem",
                "-out",
                "cert.pem"))) {
      assertThat(openssl.waitFor(Duration.ofMinutes(1))).isZero();
    }
  }

  @Test
  void pythonWithAThreadForEachConnection() throws Exception {
    Kernel.requireProgram("python3");
    check(CLIENTS, "--http1.1", script("python3", "https.py", "threads"));
  }

  @Test
  void pythonWithAsyncioThatReadsTheSocketItself() throws Exception {
    Kernel.requireProgram("python3");
    check(CLIENTS, "--http1.1", script("python3", "https.py", "asyncio"));
  }

  @Test
  void ruby() throws Exception {
    Kernel.requireProgram("ruby");
    check(CLIENTS, "--http1.1", script("ruby", "https.rb"));
  }

  @Test
  void phpOneConnectionAfterTheOther() throws Exception {
    Kernel.requireProgram("php");
    check(1, "--http1.1", script("php", "https.php"));
  }

  @Test
  void nginxInHttp1AndWorkers() throws Exception {
    check(CLIENTS, "--http1.1", nginx());
  }

  @Test
  void nginxInHttp2ChosenByAlpn() throws Exception {
    check(CLIENTS, "--http2", nginx());
  }

  @Test
  void aProxyBetweenTwoSessionsOfOneThreadMixesNeitherUp() throws Exception {
    List<String> command = nginx();
    int count = Size.count(400, 100_000);
    Observer observer;
    try (Child server = Child.start(folder, command);
        Child curl = Child.start(folder, List.of("curl", "-K", "-"))) {
      server.listening(port);
      observer = Observer.of(Selector.ofPorts("" + port));
      try (observer) {
        curl.input(requests("--http1.1", 0, count).replace("/orders/", "/proxied/"));
        assertThat(curl.waitFor(Duration.ofMinutes(4))).isZero();
        Awaitility.await()
            .pollInterval(Duration.ofMillis(100))
            .until(() -> Files.readAllLines(log()).size() >= count);
      }
    }
    Map<String, Integer> behind = counts(Files.readAllLines(folder.resolve("behind.log")));
    assertThat(behind.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(count / 4);
    Map<String, Map<String, Integer>> seen = new HashMap<>();
    for (Span span : observer.spans()) {
      seen.computeIfAbsent(
              span.role() + " " + Observer.text(span, "server.port"), side -> new HashMap<>())
          .merge(line(span), 1, Integer::sum);
    }
    assertThat(seen)
        .isEqualTo(
            Map.of(
                "SERVER " + port,
                counts(Files.readAllLines(log())),
                "CLIENT " + second,
                behind,
                "SERVER " + second,
                behind));
  }

  @Test
  void aConnectionThatIsOlderThanTheAgentIsReadFromItsNextRequestOn() throws Exception {
    Kernel.requireProgram("python3");
    Observer observer;
    try (Child server = Child.start(folder, script("python3", "https.py", "threads"))) {
      server.listening(port);
      try (SSLSocket kept = (SSLSocket) trusting().createSocket("127.0.0.1", port)) {
        ask(kept, "/orders/early");
        observer = Observer.of(Selector.ofProcess(server.pid()));
        try (observer) {
          for (int i = 0; i < 20; i++) {
            ask(kept, "/orders/" + i);
          }
        }
      }
    }
    // The server waited for the first of them in a call that had begun before the agent.
    assertThat(observer.spans())
        .extracting(span -> Observer.text(span, "url.path"))
        .containsExactlyElementsOf(IntStream.range(1, 20).mapToObj(i -> "/orders/" + i).toList());
    assertThat(observer.spans())
        .allMatch(span -> Observer.text(span, "server.port").equals("" + port));
  }

  private static void ask(SSLSocket socket, String path) throws IOException {
    socket
        .getOutputStream()
        .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(UTF_8));
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("hello 0\n")) {
      int next = socket.getInputStream().read();
      assertThat(next).as("the next byte behind " + answer).isNotNegative();
      answer.append((char) next);
    }
  }

  private static SSLSocketFactory trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        null,
        new TrustManager[] {
          new X509ExtendedTrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine on) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine on) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
              return new X509Certificate[0];
            }
          }
        },
        new SecureRandom());
    return context.getSocketFactory();
  }

  private List<String> script(String program, String name, String... first) {
    List<String> command = new ArrayList<>(List.of(program, Child.resource(name)));
    command.addAll(List.of(first));
    command.addAll(
        List.of(
            "" + port,
            log().toString(),
            folder.resolve("key.pem").toString(),
            folder.resolve("cert.pem").toString()));
    return command;
  }

  private List<String> nginx() throws IOException {
    Kernel.requireProgram("nginx");
    Files.createDirectories(folder.resolve("www"));
    Files.writeString(folder.resolve("www/content"), "x".repeat(60_000));
    folder.toFile().setExecutable(true, false);
    folder.toFile().setReadable(true, false);
    Path conf = folder.resolve("nginx.conf");
    Files.writeString(
        conf,
        Files.readString(Path.of(Child.resource("nginx-tls.conf")))
            .replace("PORT2", "" + second)
            .replace("PORT", "" + port)
            .replace("LOG2", folder.resolve("behind.log").toString())
            .replace("LOG", log().toString())
            .replace("KEY", folder.resolve("key.pem").toString())
            .replace("CERTIFICATE", folder.resolve("cert.pem").toString())
            .replace("FOLDER", folder.toString()));
    return List.of("nginx", "-c", conf.toString(), "-p", folder.toString());
  }

  private Path log() {
    return folder.resolve("access.log");
  }

  private void check(int clients, String version, List<String> command) throws Exception {
    int each = Size.count(100, 100_000 / clients);
    Observer observer;
    List<Child> curls = new ArrayList<>();
    try (Child server = Child.start(folder, command)) {
      server.listening(port);
      for (int i = 0; i < clients; i++) {
        curls.add(Child.start(folder, List.of("curl", "-K", "-")));
      }
      List<Selector> selectors = new ArrayList<>();
      curls.forEach(curl -> selectors.add(Selector.ofProcess(curl.pid())));
      selectors.add(Selector.ofPorts("" + port));
      observer =
          Observer.of(
              ObserveConfig.defaults().withInstrument(selectors).withLimits(Observer.ROOMY));
      try (observer) {
        for (int i = 0; i < clients; i++) {
          curls.get(i).input(requests(version, i, each));
        }
        for (Child curl : curls) {
          assertThat(curl.waitFor(Duration.ofMinutes(4))).as("curl's end").isZero();
        }
        Awaitility.await()
            .pollInterval(Duration.ofMillis(100))
            .until(() -> Files.readAllLines(log()).size() >= clients * each);
      }
    } finally {
      curls.forEach(Child::close);
    }
    Map<String, Integer> logged = counts(Files.readAllLines(log()));
    for (Role role : Role.values()) {
      Map<String, Integer> seen =
          counts(
              observer.spans().stream()
                  .filter(span -> span.role() == role)
                  .map(OpensslTest::line)
                  .filter(line -> role == Role.SERVER || !isSentAgain(line, logged))
                  .toList());
      assertThat(seen)
          .as("%s spans against the server's log; %s", role, observer.counters())
          .isEqualTo(logged);
    }
    assertThat(observer.spans())
        .allMatch(span -> Observer.text(span, "server.port").equals("" + port))
        .allMatch(span -> Observer.text(span, "network.peer.address").equals("127.0.0.1"));
    assertThat(observer.counters().unread()).as("connections that are not read").isEmpty();
    assertThat(observer.counters().lost()).isZero();
  }

  /** What curl is to ask for, on a kept connection and now and then on a new one. */
  private String requests(String version, int client, int count) {
    StringBuilder text = new StringBuilder();
    String[] kinds = {"orders", "missing", "large", "broken"};
    for (int i = 0; i < count; i++) {
      text.append("url = https://127.0.0.1:" + port + "/" + kinds[i % 4] + "/" + client + i + "\n");
      text.append("insecure\nsilent\noutput = /dev/null\n" + version.substring(2) + "\n");
      if (i % 3 == 0) {
        text.append("data = " + "b".repeat(2_000) + "\n");
      }
      if (i % 25 == 24) {
        text.append("header = \"Connection: close\"\n");
      }
      text.append("next\n");
    }
    return text.substring(0, text.length() - "next\n".length());
  }

  /**
   * Whether a request got no answer and the server had the same one: curl sends a request again
   * when the connection that it kept is just being closed.
   */
  private static boolean isSentAgain(String line, Map<String, Integer> logged) {
    return line.endsWith(" ") && logged.keySet().stream().anyMatch(one -> one.startsWith(line));
  }

  private static String line(Span span) {
    String url = Observer.text(span, "url.full");
    String path =
        url.isEmpty() ? Observer.text(span, "url.path") : url.replaceFirst("https://[^/]*", "");
    return Observer.text(span, "http.request.method") + " " + path + " " + span.status();
  }

  private static Map<String, Integer> counts(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    lines.forEach(line -> counts.merge(line, 1, Integer::sum));
    return counts;
  }
}
