package dev.troth.server.kafka;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A broker of Kafka in a process of its own, which can be killed and started again. */
public final class Broker implements AutoCloseable {
  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private Broker(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  /** What the process runs: a broker that is its own controller. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) {
      if (args.length > 1) {
        var _ =
            StorageTool.execute(new String[] {"format", "-t", args[1], "-c", args[0]}, System.out);
      }
      Kafka.main(new String[] {args[0]});
    }
  }

  public static Broker start(Path folder) throws Exception {
    int port = freePort();
    int controller = freePort();
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=%3$s
        offsets.topic.num.partitions=1
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        group.initial.rebalance.delay.ms=0
        auto.create.topics.enable=false
        """
            .formatted(port, controller, folder.resolve("logs")));
    Broker broker = new Broker(folder, port);
    broker.begin("MkU3OEVBNTcwNTJENDM2Qg");
    return broker;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void begin(String... format) throws IOException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.resolve("server.properties").toString()));
    command.addAll(List.of(format));
    Path log = folder.resolve("broker.log");
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process = started;
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> {
            if (!started.isAlive()) {
              throw new IllegalStateException(Files.readString(log));
            }
            return answers();
          });
    } catch (RuntimeException e) {
      kill();
      throw e;
    }
  }

  private boolean answers() {
    Map<String, Object> quick =
        Map.of(
            "bootstrap.servers",
            bootstrap(),
            "default.api.timeout.ms",
            2_000,
            "request.timeout.ms",
            1_500);
    try (Admin admin = Admin.create(quick)) {
      return admin.describeCluster().nodes().get().size() == 1;
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  public void topic(String name, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      var _ = admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  /** Removes a topic, and waits until it is gone. */
  void removeTopic(String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      var _ = admin.deleteTopics(List.of(name)).all().get();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !admin.listTopics().names().get().contains(name));
    }
  }

  /** A topic whose messages have at most so many bytes. */
  void narrowTopic(String name, int bytes) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      NewTopic narrow =
          new NewTopic(name, 1, (short) 1)
              .configs(Map.of("max.message.bytes", Integer.toString(bytes)));
      var _ = admin.createTopics(List.of(narrow)).all().get();
    }
  }

  /** Removes messages, as a broker does with old ones. */
  public void removeBefore(String topic, int partition, long offset) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      var _ =
          admin
              .deleteRecords(
                  Map.of(
                      new org.apache.kafka.common.TopicPartition(topic, partition),
                      org.apache.kafka.clients.admin.RecordsToDelete.beforeOffset(offset)))
              .all()
              .get();
    }
  }

  /** Sends SIGKILL and waits for the end. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
  }

  /** Lets it stand still, as one that answers nobody and closes no connection. */
  public void stopAnswering() throws IOException, InterruptedException {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("the broker does not run");
    }
    Process kill = new ProcessBuilder("kill", "-STOP", Long.toString(running.pid())).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -STOP %d failed".formatted(running.pid()));
    }
  }

  /** Starts it again on what it had. */
  public void restart() throws IOException {
    begin();
  }

  @Override
  public void close() {
    kill();
  }
}
