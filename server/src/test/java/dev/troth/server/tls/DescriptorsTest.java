package dev.troth.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a connection over TLS ends, nothing of it stays open. */
class DescriptorsTest {
  private static final int TIMES = 40;

  /** What the platform and its tests open and close by themselves meanwhile. */
  private static final int OTHERS = TIMES / 2;

  /** So many of one address may be open at once: less than are opened one after another. */
  private static final int SHARE = 10 * TIMES;

  /** More than what a connection takes in by itself. */
  private static final int ANSWERS = 100;

  @TempDir Path folder;

  private interface Connection {
    void openAndClose(SSLContext context, int port) throws IOException;
  }

  private static final Map<String, Connection> ENDS = new LinkedHashMap<>();

  static {
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      ENDS.put(
          version + " closed by the client",
          (context, port) -> {
            try (Socket below = open(port);
                SSLSocket socket = over(context, below, version)) {
              assertThat(ask(socket, "")).startsWith("HTTP/1.1 200");
            }
          });
      ENDS.put(
          version + " closed by the platform",
          (context, port) -> {
            try (Socket below = open(port);
                SSLSocket socket = over(context, below, version)) {
              assertThat(ask(socket, "Connection: close\r\n")).startsWith("HTTP/1.1 200");
              socket.getInputStream().readAllBytes();
            }
          });
      ENDS.put(
          version + " cut off",
          (context, port) -> {
            try (Socket below = open(port)) {
              SSLSocket socket = over(context, below, version);
              socket.getOutputStream().write("GET /-/ready".getBytes(StandardCharsets.UTF_8));
              below.setSoLinger(true, 0);
            }
          });
      ENDS.put(
          version + " without a request",
          (context, port) -> {
            try (Socket below = open(port);
                SSLSocket socket = over(context, below, version)) {
              socket.startHandshake();
            }
          });
    }
    ENDS.put(
        "of a client that trusts nobody",
        (context, port) -> {
          try (Socket below = open(port);
              SSLSocket socket =
                  (SSLSocket) anybody().createSocket(below, "localhost", port, true)) {
            socket.startHandshake();
          } catch (SSLException expected) {
            // The handshake ends with its alert.
          }
        });
    ENDS.put(
        "cut off in the handshake",
        (context, port) -> {
          try (Socket below = open(port)) {
            below.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
          }
        });
    ENDS.put("that said nothing", (context, port) -> open(port).close());
    ENDS.put(
        "of plain HTTP",
        (context, port) -> {
          try (RawHttp plain = new RawHttp(port)) {
            plain.say("GET /-/ready HTTP/1.1\nHost: localhost\n\n");
            plain.readAll();
          } catch (IOException reset) {
            // It may be told so.
          }
        });
  }

  private static SSLSocketFactory anybody() {
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  private static Socket open(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static SSLSocket over(SSLContext context, Socket below, String version)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(below, "localhost", below.getPort(), true);
    socket.setEnabledProtocols(new String[] {version});
    return socket;
  }

  private static String ask(SSLSocket socket, String header) throws IOException {
    String request = "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    return new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8);
  }

  private static UnixOperatingSystemMXBean descriptors() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    assumeThat(system).isInstanceOf(UnixOperatingSystemMXBean.class);
    return (UnixOperatingSystemMXBean) system;
  }

  /** A platform that speaks TLS by the certificate "one". */
  private static TestPlatform platform(TestCertificates made, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "tls.certificate-file",
                made.file("one.crt").toString(),
                "tls.key-file",
                made.file("one.key").toString(),
                "tls.listeners",
                "http"));
    settings.addAll(List.of(more));
    return TestPlatform.start(settings.toArray(String[]::new));
  }

  @Test
  void noEndOfAConnectionLeavesADescriptorOpen() throws Exception {
    UnixOperatingSystemMXBean descriptors = descriptors();
    TestCertificates made = new TestCertificates(folder);
    made.make("one", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
    SSLContext context = made.trusting("one");
    Map<String, Long> left = new LinkedHashMap<>();
    try (TestPlatform platform =
        platform(made, "http.operations", "0", "limits.connections", "" + 2 * SHARE)) {
      for (Connection one : ENDS.values()) {
        one.openAndClose(context, platform.port());
      }
      for (Map.Entry<String, Connection> end : ENDS.entrySet()) {
        long before = descriptors.getOpenFileDescriptorCount();
        for (int i = 0; i < TIMES; i++) {
          end.getValue().openAndClose(context, platform.port());
        }
        long most = before + OTHERS;
        try {
          await()
              .atMost(Duration.ofSeconds(10))
              .until(() -> descriptors.getOpenFileDescriptorCount() <= most);
        } catch (ConditionTimeoutException open) {
          left.put(end.getKey(), descriptors.getOpenFileDescriptorCount() - before);
        }
      }
      assertThat(left).as("connections left open of %d, by their end", TIMES).isEmpty();
      for (int i = 0; i < SHARE; i++) {
        open(platform.port()).close();
      }
      // Those that ended count among their address's no longer: none had to make room for another.
      assertThat(metrics(platform)).contains("troth_server_connections_closed_total 0.0");
    }
  }

  /** TLS would wait for ever for a client that reads nothing. */
  @Test
  void whoNeverReadsIsClosed() throws Exception {
    UnixOperatingSystemMXBean descriptors = descriptors();
    TestCertificates made = new TestCertificates(folder);
    made.make("one", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
    SSLContext context = made.trusting("one");
    List<Socket> silent = new ArrayList<>();
    try (TestPlatform platform = platform(made, "limits.idle", "2s")) {
      ENDS.values().iterator().next().openAndClose(context, platform.port());
      long before = descriptors.getOpenFileDescriptorCount();
      String asked = "GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
      for (int i = 0; i < TIMES; i++) {
        Socket below = new Socket();
        silent.add(below);
        below.setReceiveBufferSize(4_096);
        below.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), platform.port()));
        over(context, below, i % 2 == 0 ? "TLSv1.2" : "TLSv1.3")
            .getOutputStream()
            .write(asked.repeat(ANSWERS).getBytes(StandardCharsets.UTF_8));
      }
      // What is left is the clients' own.
      await().until(() -> descriptors.getOpenFileDescriptorCount() <= before + TIMES + OTHERS / 2);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  private static String metrics(TestPlatform platform) throws IOException {
    try (RawHttp plain = new RawHttp(platform.port("operations"))) {
      return plain.say("GET /metrics HTTP/1.1\nHost: localhost\nConnection: close\n\n").readAll();
    }
  }
}
