package dev.troth.server.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.agent.Observation;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker and a client watched from the kernel: what they pass is counted as the broker has it.
 */
final class KafkaObservedTest {
  private static final int FAILING = 3;
  private static final int ONE_BY_ONE = 200;

  @TempDir private Path folder;

  /** Sends and fetches when it is told to; arguments: the broker, how many are sent in batches. */
  static final class Client {
    private Client() {}

    public static void main(String[] args) throws Exception {
      System.in.read();
      int batched = Integer.parseInt(args[1]);
      Map<String, Object> settings = new HashMap<>();
      settings.put("bootstrap.servers", args[0]);
      settings.put("batch.size", "4096");
      settings.put("retries", "0");
      settings.put("enable.idempotence", "false");
      settings.put("acks", "all");
      try (var producer =
          new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        for (int i = 0; i < ONE_BY_ONE; i++) {
          ProducerRecord<String, String> record = new ProducerRecord<>("orders", "one " + i);
          record.headers().add("traceparent", context(i).getBytes(StandardCharsets.US_ASCII));
          var _ = producer.send(record).get();
        }
        for (int i = 0; i < batched; i++) {
          var _ = producer.send(new ProducerRecord<>("orders", "many " + i));
        }
        producer.flush();
        for (int i = 0; i < FAILING; i++) {
          try {
            var _ = producer.send(new ProducerRecord<>("narrow", "none".repeat(500))).get();
            throw new IllegalStateException("the message is too large");
          } catch (ExecutionException refused) {
            // as it should be
          }
        }
      }
      Map<String, Object> reading =
          Map.of("bootstrap.servers", args[0], "max.partition.fetch.bytes", "8192");
      try (var consumer =
          new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
        TopicPartition partition = new TopicPartition("orders", 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        for (int read = 0; read < ONE_BY_ONE + batched; ) {
          read += consumer.poll(Duration.ofSeconds(1)).count();
        }
      }
    }
  }

  private static String context(int number) {
    return "00-%032x-%016x-01".formatted(0xabc_0000L + number, 0xdef_0000L + number);
  }

  private static String text(Span span, String name) {
    for (Attribute attribute : span.attributes()) {
      if (attribute.name().equals(name)) {
        return switch (attribute.value()) {
          case Attribute.Text(String text) -> text;
          case Attribute.Whole(long number) -> Long.toString(number);
          case Attribute.Texts(List<String> texts) -> String.join(",", texts);
        };
      }
    }
    return "";
  }

  private static long records(List<Span> spans, Role role, String name) {
    return spans.stream()
        .filter(span -> span.role() == role && span.name().equals(name))
        .filter(span -> text(span, "error.type").isEmpty())
        .mapToLong(span -> Long.parseLong(text(span, "messaging.batch.message_count")))
        .sum();
  }

  private static long count(List<Span> spans, Role role, String name) {
    return spans.stream().filter(span -> span.role() == role && span.name().equals(name)).count();
  }

  private Process client(String broker, int batched) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            Client.class.getName(),
            broker,
            Integer.toString(batched))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("client.log").toFile())
        .start();
  }

  @Test
  void everyRecordIsCountedOnceAtBothEndsAsTheBrokerHasIt() throws Exception {
    Optional<String> missing = Capabilities.missing();
    assumeTrue(missing.isEmpty(), () -> "kernel tests are skipped: " + missing.orElse(""));
    int batched = Size.count(2_000, 100_000);
    List<Span> spans = Collections.synchronizedList(new ArrayList<>());
    long offset;
    try (Broker broker = Broker.start(folder.resolve("broker"))) {
      broker.topic("orders", 1);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
        NewTopic narrow =
            new NewTopic("narrow", 1, (short) 1).configs(Map.of("max.message.bytes", "200"));
        var _ = admin.createTopics(List.of(narrow)).all().get();
      }
      Process client = client(broker.bootstrap(), batched);
      try {
        String port = broker.bootstrap().substring(broker.bootstrap().indexOf(':') + 1);
        ObserveConfig config =
            ObserveConfig.defaults()
                .withInstrument(
                    List.of(
                        Selector.ofPorts(port).named(Optional.of("broker"), Optional.empty()),
                        Selector.ofProcess((int) client.pid())
                            .named(Optional.of("client"), Optional.empty())));
        try (Observation observation = Observation.open(config, List.of((SpanSink) spans::add))) {
          assertThat(observation.agent().attach()).isEqualTo(2);
          Thread agent = Thread.ofPlatform().start(observation.agent()::run);
          try {
            client.getOutputStream().write('\n');
            client.getOutputStream().close();
            assertThat(client.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(client.exitValue())
                .as(Files.readString(folder.resolve("client.log")))
                .isZero();
          } finally {
            observation.agent().stop();
            agent.join();
          }
          System.out.println(observation.agent().counters() + " " + observation.agent().sights());
        }
      } finally {
        client.destroyForcibly();
      }
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
        offset =
            admin
                .listOffsets(Map.of(new TopicPartition("orders", 0), OffsetSpec.latest()))
                .partitionResult(new TopicPartition("orders", 0))
                .get()
                .offset();
      }
    }
    assertThat(offset).isEqualTo(ONE_BY_ONE + batched);
    System.out.println(
        spans.stream()
            .collect(
                Collectors.groupingBy(
                    span -> span.role() + " " + span.name() + " " + text(span, "error.type"),
                    Collectors.counting())));
    assertThat(records(spans, Role.CLIENT, "send orders")).isEqualTo(offset);
    assertThat(records(spans, Role.SERVER, "send orders")).isEqualTo(offset);
    assertThat(records(spans, Role.CLIENT, "poll orders")).isEqualTo(offset);
    // What the broker sends from its files by sendfile is out of reach: requests, and no records.
    assertThat(count(spans, Role.SERVER, "poll orders"))
        .isEqualTo(count(spans, Role.CLIENT, "poll orders"));
    for (Role role : Role.values()) {
      assertThat(
              spans.stream()
                  .filter(span -> span.role() == role && span.name().equals("send narrow"))
                  .map(span -> text(span, "error.type")))
          .as("%s", role)
          .containsExactlyElementsOf(Collections.nCopies(FAILING, "MESSAGE_TOO_LARGE"));
    }
    Map<Long, Span> clients =
        spans.stream()
            .filter(span -> span.role() == Role.CLIENT)
            .collect(Collectors.toMap(Span::id, span -> span));
    Set<Long> contexts = new HashSet<>();
    for (Span span : spans) {
      if (span.role() == Role.SERVER && span.name().startsWith("send")) {
        if (span.parent() >> 16 == 0xdef_0000L >> 16) {
          assertThat(span.parent() - 0xdef_0000L).isEqualTo(span.traceLow() - 0xabc_0000L);
          contexts.add(span.parent());
        } else {
          Span caller =
              Objects.requireNonNull(
                  clients.get(span.parent()), "the call at the other end of the connection");
          assertThat(caller.name()).isEqualTo(span.name());
          assertThat(span.traceLow()).isEqualTo(caller.traceLow());
        }
      }
    }
    assertThat(contexts).as("the context in the headers of each record").hasSize(ONE_BY_ONE);
  }
}
