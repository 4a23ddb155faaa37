package dev.troth.server.rabbit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker of Debian's package on free ports of the loopback, with a folder of its own. */
public final class RabbitBroker implements AutoCloseable {
  private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

  /** The password of {@link #user}, with what addresses would need escaped. */
  public static final String PASSWORD = "hush/4711:@";

  private final Path folder;
  private final int port = freePort();
  private final int tlsPort = freePort();
  private final int epmdPort = freePort();
  private final Process epmd;
  private @Nullable Process server;

  private RabbitBroker(Path folder) throws IOException {
    this.folder = folder;
    certificate();
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        """
        listeners.tcp.1 = 127.0.0.1:%d
        listeners.ssl.1 = 127.0.0.1:%d
        ssl_options.certfile = %s
        ssl_options.keyfile = %s
        ssl_options.verify = verify_none
        default_user = watcher
        default_pass = %s
        disk_free_limit.absolute = 1MB
        """
            .formatted(port, tlsPort, authorityFile(), folder.resolve("key.pem"), PASSWORD));
    Files.writeString(folder.resolve("plugins"), "[].\n");
    // Ours, so that none is left that the broker would start in the background.
    epmd =
        new ProcessBuilder("epmd", "-address", "127.0.0.1", "-port", Integer.toString(epmdPort))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("epmd.log").toFile())
            .start();
  }

  /** A broker that answers; the test is skipped where there is none. */
  public static RabbitBroker start(Path folder) throws IOException {
    assumeTrue(Files.isExecutable(SERVER), "rabbitmq-server is not installed");
    RabbitBroker broker = new RabbitBroker(folder);
    try {
      broker.start();
      return broker;
    } catch (RuntimeException | IOException e) {
      broker.close();
      throw e;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void certificate() throws IOException {
    Process made =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=broker",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                folder.resolve("key.pem").toString(),
                "-out",
                authorityFile().toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    if (!finished(made) || made.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(folder.resolve("openssl.log")));
    }
  }

  private static boolean finished(Process process) {
    try {
      return process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Starts it, or starts it again on what it kept. */
  public void start() throws IOException {
    File log = folder.resolve("server.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(SERVER.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME", folder.toString(),
                "RABBITMQ_NODENAME", "troth" + port + "@localhost",
                "RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString(),
                "RABBITMQ_LOG_BASE", folder.resolve("log").toString(),
                "RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString(),
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString(),
                "RABBITMQ_DIST_PORT", Integer.toString(freePort()),
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                    "-kernel inet_dist_use_interface {127,0,0,1}",
                "ERL_EPMD_PORT", Integer.toString(epmdPort),
                "ERL_EPMD_ADDRESS", "127.0.0.1"));
    Process started = builder.start();
    server = started;
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          if (!started.isAlive()) {
            throw new IllegalStateException(Files.readString(log.toPath()));
          }
          try (Connection connection = connect()) {
            return connection.isOpen();
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** As {@code kill -9} does. */
  public void kill() {
    Process running = server;
    if (running != null) {
      List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
      all.add(running.toHandle());
      all.forEach(ProcessHandle::destroyForcibly);
      boolean _ = finished(running);
      await().until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
      server = null;
    }
  }

  public Connection connect() throws IOException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setUsername("watcher");
    factory.setPassword(PASSWORD);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setConnectionTimeout(2_000);
    try {
      return factory.newConnection("test");
    } catch (TimeoutException e) {
      throw new IOException(e);
    }
  }

  /** A queue that outlives the broker. */
  public void declare(String queue, Map<String, Object> arguments) throws IOException {
    try (Connection connection = connect()) {
      Channel channel = Optional.ofNullable(connection.createChannel()).orElseThrow();
      channel.queueDeclare(queue, true, false, false, arguments);
    }
  }

  public String address(String queue) {
    return "amqp://watcher@127.0.0.1:%d/%s".formatted(port, queue);
  }

  public String tlsAddress(String queue) {
    return "amqps://watcher@127.0.0.1:%d/%s".formatted(tlsPort, queue);
  }

  /** The certificate that vouches for it, in PEM. */
  public String authority() throws IOException {
    return Files.readString(authorityFile());
  }

  private Path authorityFile() {
    return folder.resolve("cert.pem");
  }

  @Override
  public void close() {
    kill();
    Stream.concat(epmd.descendants(), Stream.of(epmd.toHandle()))
        .forEach(ProcessHandle::destroyForcibly);
  }
}
