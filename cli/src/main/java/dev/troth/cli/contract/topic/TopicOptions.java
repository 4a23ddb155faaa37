package dev.troth.cli.contract.topic;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.cli.command.ServerOptions;
import dev.troth.server.kafka.TopicSource;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that name a topic of Kafka, and how its messages are read. */
public final class TopicOptions {
  /** Held here, because java.util.logging holds loggers and so their levels weakly. */
  private static final Logger CLIENTS = Logger.getLogger("org.apache.kafka");

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description =
          "Validates the messages of a topic instead: JSON, or in Confluent's wire format with a"
              + " schema id or guid, whose schema --server is asked for.")
  private @Nullable String topic;

  @Option(
      names = "--bootstrap",
      paramLabel = "BROKERS",
      description = "Kafka's brokers, such as kafka-1:9092,kafka-2:9092.")
  private @Nullable String bootstrap;

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      description = "A file of Kafka's client properties, for TLS and logins.")
  private @Nullable Path properties;

  @Option(
      names = "--follow",
      description =
          "Reads on when the messages are read that were there, until Ctrl-C; says on the error output at once what is invalid.")
  private boolean follow;

  @Mixin private ServerOptions server = new ServerOptions();

  /** Whether a topic is meant; wrong combinations end the command. */
  public boolean given() {
    if ((topic == null) != (bootstrap == null)) {
      throw CommandException.usage("expected --topic TOPIC and --bootstrap BROKERS together");
    }
    if (topic == null && (follow || properties != null)) {
      throw CommandException.usage("expected --follow and --kafka-properties only with --topic");
    }
    return topic != null;
  }

  /** The name of the topic. */
  public String topic() {
    return String.valueOf(topic);
  }

  /** Hands all messages on; brokers that do not answer end the command. */
  public void read(TopicReader into) {
    // What ails the brokers is said once, by the command.
    CLIENTS.setLevel(Level.OFF);
    TopicMessages messages = new TopicMessages(server::client);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    CountDownLatch reported = new CountDownLatch(1);
    if (follow) {
      // Ctrl-C ends the reading, and what was found is still said.
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                goesOn.set(false);
                try {
                  var _ = reported.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
      into.whenReported(reported::countDown);
      into.sayingAtOnce();
    }
    try {
      var _ =
          new TopicSource(String.valueOf(bootstrap), properties())
              .read(
                  topic(),
                  follow,
                  goesOn::get,
                  message -> {
                    byte[] value = message.value();
                    String place =
                        "%s[%d]@%d".formatted(topic, message.partition(), message.offset());
                    if (value == null) {
                      into.passOver();
                      return;
                    }
                    try {
                      into.message(place, messages.json(message, value));
                    } catch (TopicMessages.Unreadable e) {
                      into.unreadable(place, String.valueOf(e.getMessage()));
                    }
                  })
              .orElseThrow(() ->
                  CommandException.usage(
                      "--topic is '%s', expected a topic of the brokers".formatted(topic)));
    } catch (TopicSource.Unreachable e) {
      throw CommandException.failed(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> properties() {
    Path file = properties;
    Map<String, String> all = new HashMap<>();
    if (file == null) {
      return all;
    }
    Properties read = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      read.load(text);
    } catch (IOException e) {
      throw CommandException.usage(InputFile.unreadable(file, e));
    }
    read.stringPropertyNames().forEach(name -> all.put(name, read.getProperty(name)));
    return all;
  }
}
