package dev.troth.cli.contract;

import static dev.troth.cli.Ran.contract;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.cli.Ran;
import dev.troth.cli.Troth;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code contract validate --topic} against a broker and a registry that run. */
class ContractTopicTest {
  private static final String AVRO =
      "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},"
          + "{\"name\":\"amount\",\"type\":\"long\"}]}";

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static TopicBroker broker;

  @SuppressWarnings("NullAway.Init")
  private static Platform platform;

  @SuppressWarnings("NullAway.Init")
  private static KafkaProducer<byte[], byte[]> producer;

  private static String server = "";

  @BeforeAll
  static void start() throws Exception {
    broker = TopicBroker.start(Files.createDirectories(folder.resolve("broker")));
    platform =
        Main.start(
            Config.load(
                Inputs.flagsOnly(
                    Map.of(
                        "data",
                        folder.resolve("data").toString(),
                        "http.listen",
                        "0",
                        "registry.listen",
                        "off",
                        "otlp.http",
                        "off",
                        "otlp.grpc",
                        "off"))),
            Clock.systemUTC());
    server = "http://127.0.0.1:" + platform.port("http").orElseThrow();
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    Files.writeString(
        folder.resolve("order.json"),
        "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"string\"}}}");
    Files.writeString(folder.resolve("order.avsc"), AVRO);
  }

  @AfterAll
  static void stop() {
    if (producer != null) {
      producer.close();
    }
    if (platform != null) {
      platform.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private static void send(String topic, int partition, byte @Nullable [] value) throws Exception {
    var _ = producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] named(int id, byte[] payload) {
    return ByteBuffer.allocate(5 + payload.length).put((byte) 0).putInt(id).put(payload).array();
  }

  private static Ran validate(String contract, String topic, String... more) {
    Object[] arguments = new Object[8 + more.length];
    Object[] first = {
      "validate",
      folder.resolve(contract),
      "--topic",
      topic,
      "--bootstrap",
      broker.bootstrap(),
      "--server",
      server
    };
    System.arraycopy(first, 0, arguments, 0, 8);
    System.arraycopy(more, 0, arguments, 8, more.length);
    return contract(arguments);
  }

  /** Registers a schema; what the registry says of it. */
  private static JsonNode registered(String subject, String type, String schema) throws Exception {
    String body =
        JsonMapper.shared().writeValueAsString(Map.of("schemaType", type, "schema", schema));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(server + "/registry/subjects/" + subject + "/versions"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      HttpRequest latest =
          HttpRequest.newBuilder(
                  URI.create(server + "/registry/subjects/" + subject + "/versions/latest"))
              .build();
      return JsonMapper.shared()
          .readTree(client.send(latest, HttpResponse.BodyHandlers.ofString()).body());
    }
  }

  @Test
  void aTopicOfJsonIsReadToWhereItEnded() throws Exception {
    broker.topic("plain", 2);
    JsonNode schema = registered("plain-value", "JSON", "{\"type\":\"object\"}");
    for (int i = 0; i < 2_000; i++) {
      send("plain", i % 2, utf8("{\"id\":\"%d\"}".formatted(i)));
    }
    send("plain", 0, utf8("{\"id\":7}"));
    send("plain", 1, utf8("{"));
    send("plain", 1, null);
    send("plain", 0, named(schema.path("id").asInt(), utf8("{\"id\":\"a\"}")));
    send("plain", 0, named(99, utf8("{\"id\":\"a\"}")));
    send("plain", 1, new byte[] {0, 1});
    Ran ran = validate("order.json", "plain");
    assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(1);
    assertThat(ran.out())
        .contains("plain[0]@1000")
        .contains("plain[1]@1000")
        .contains("plain[0]@1002")
        .contains("schema ids/99 is not in the registry")
        .contains("begins with 0x00")
        .contains("2,005 messages, 4 invalid (0.20 %)")
        .contains("1 messages without a value");
    assertThat(validate("order.json", "plain", "--format", "json").out()).startsWith("{");
  }

  @Test
  void avroIsReadByTheSchemaThatItsIdOrGuidNames() throws Exception {
    broker.topic("avro", 1);
    JsonNode schema = registered("avro-value", "AVRO", AVRO);
    JsonNode other = registered("other-value", "AVRO", AVRO.replace("\"long\"", "\"string\""));
    int id = schema.path("id").asInt();
    send("avro", 0, named(id, avro(AVRO, "a", 5L)));
    byte[] guid =
        ByteBuffer.allocate(17)
            .put((byte) 1)
            .putLong(UUID.fromString(schema.path("guid").asString()).getMostSignificantBits())
            .putLong(UUID.fromString(schema.path("guid").asString()).getLeastSignificantBits())
            .array();
    ProducerRecord<byte[], byte[]> header =
        new ProducerRecord<>("avro", 0, null, avro(AVRO, "b", 6L));
    header.headers().add("__value_schema_id", guid);
    var _ = producer.send(header).get();
    Ran good = validate("order.avsc", "avro");
    assertThat(good.exitCode()).as(good.toString()).isZero();
    assertThat(good.out()).contains("2 messages, 0 invalid");

    String changed = AVRO.replace("\"long\"", "\"string\"");
    send("avro", 0, named(other.path("id").asInt(), avro(changed, "c", "six")));
    send("avro", 0, named(id, new byte[] {1}));
    Ran bad = validate("order.avsc", "avro");
    assertThat(bad.out())
        .contains("avro[0]@2")
        .contains("amount")
        .contains("avro[0]@3")
        .contains("the payload is not what schema ids/" + id + " reads")
        .contains("4 messages, 2 invalid (50.00 %), the first in avro[0]@2");
  }

  private static byte[] avro(String schema, String id, Object amount) throws Exception {
    Schema parsed = new Schema.Parser().parse(schema);
    GenericData.Record datum = new GenericData.Record(parsed);
    datum.put("id", id);
    datum.put("amount", amount);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(parsed).write(datum, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  @Test
  void whoFollowsATopicReadsWhatComesLaterUntilItIsEnded() throws Exception {
    broker.topic("followed", 1);
    send("followed", 0, utf8("{\"id\":1}"));
    Path out = folder.resolve("followed.txt");
    Process follower =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Troth.class.getName(),
                "contract",
                "validate",
                folder.resolve("order.json").toString(),
                "--topic",
                "followed",
                "--bootstrap",
                broker.bootstrap(),
                "--server",
                server,
                "--follow")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.readString(out).contains("[0]@0"));
      assertThat(follower.isAlive()).isTrue();
      send("followed", 0, utf8("{\"id\":\"a\"}"));
      send("followed", 0, utf8("{\"id\":2}"));
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.readString(out).contains("[0]@2"));
      assertThat(follower.isAlive()).isTrue();
      follower.destroy();
      assertThat(follower.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(out)).contains("3 messages, 2 invalid (66.67 %)");
    } finally {
      follower.destroyForcibly();
    }
  }

  @Test
  void whatCannotBeReadIsSaid() throws Exception {
    Ran missing = validate("order.json", "nowhere");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("--topic is 'nowhere', expected a topic of the brokers");
    Path properties = Files.writeString(folder.resolve("k.properties"), "isolation.level=none\n");
    assertThat(validate("order.json", "nowhere", "--kafka-properties", properties.toString()).err())
        .contains("the properties set isolation.level, which is the command's own");
    Ran alone = contract("validate", folder.resolve("order.json"), "--topic", "a");
    assertThat(alone.exitCode()).isEqualTo(2);
    assertThat(alone.err()).contains("--topic TOPIC and --bootstrap BROKERS together");
    assertThat(contract("validate", folder.resolve("order.json"), "a.json", "--follow").err())
        .contains("--follow and --kafka-properties only with --topic");
  }

  @Test
  void brokersThatDoNotAnswerEndTheCommand() {
    Ran ran =
        contract(
            "validate", folder.resolve("order.json"), "--topic", "a", "--bootstrap", "127.0.0.1:1");
    assertThat(ran.exitCode()).isEqualTo(3);
    assertThat(ran.err()).contains("127.0.0.1:1 cannot be read");
  }
}
