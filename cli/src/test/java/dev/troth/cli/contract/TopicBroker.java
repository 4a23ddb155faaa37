package dev.troth.cli.contract;

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

/** A broker of Kafka for the commands that read topics, in a process of its own. */
final class TopicBroker implements AutoCloseable {
  private final Process process;
  private final String bootstrap;

  private TopicBroker(Process process, String bootstrap) {
    this.process = process;
    this.bootstrap = bootstrap;
  }

  /** What the process runs. */
  public static final class Program {
    private Program() {}

    public static void main(String[] args) {
      var _ =
          StorageTool.execute(
              new String[] {"format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", args[0]}, System.out);
      Kafka.main(args);
    }
  }

  static TopicBroker start(Path folder) throws IOException {
    int port = freePort();
    Path properties =
        Files.writeString(
            folder.resolve("server.properties"),
            """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:%2$d
            listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
            controller.listener.names=CONTROLLER
            log.dirs=%3$s
            offsets.topic.replication.factor=1
            auto.create.topics.enable=false
            """
                .formatted(port, freePort(), folder.resolve("logs")));
    Path log = folder.resolve("broker.log");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Program.class.getName(),
                    properties.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    TopicBroker broker = new TopicBroker(process, "127.0.0.1:" + port);
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> {
            if (!process.isAlive()) {
              throw new IllegalStateException(Files.readString(log));
            }
            return broker.answers();
          });
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
    return broker;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() throws InterruptedException {
    Map<String, Object> quick =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "default.api.timeout.ms",
            2_000,
            "request.timeout.ms",
            1_500);
    try (Admin admin = Admin.create(quick)) {
      return admin.describeCluster().nodes().get().size() == 1;
    } catch (ExecutionException e) {
      return false;
    }
  }

  String bootstrap() {
    return bootstrap;
  }

  void topic(String name, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var _ = admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
