package dev.troth.gate.serve;

import static dev.troth.gate.Tokens.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.Keyring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateServerTest extends HttpHostContract {
  private GateServer server;

  @BeforeAll
  void start() throws IOException {
    server = start(GateServer.Limits.DEFAULT);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
  }

  @Override
  protected int port() {
    return server.port();
  }

  @Test
  void aClientThatIsSlowIsTold() throws Exception {
    try (GateServer impatient =
            start(
                new GateServer.Limits(
                    Duration.ofMillis(200), Duration.ofMillis(200), 1024, 1024 * 1024));
        RawClient slow = new RawClient(impatient.port());
        RawClient silent = new RawClient(impatient.port())) {
      slow.send("POST /validate HTTP/1.1\r\nHost:");
      assertThat(slow.read().status()).isEqualTo(408);
      assertThat(slow.isEnded()).isTrue();
      assertThat(silent.isEnded()).isTrue();
    }
  }

  private static GateServer start(GateServer.Limits limits) throws IOException {
    InstantSource clock = InstantSource.system();
    Gate gate = new Gate(Keyring.secret(SECRET), Policy.DEFAULT, Gate.javaEngine(), clock);
    return GateServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new GateChecker(gate, clock),
        ServiceSettings.DEFAULT,
        limits);
  }
}
