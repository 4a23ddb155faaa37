package dev.troth.server.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.grpc.GrpcRouting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The programs of a stack that run in processes of their own. */
final class StackPrograms {
  static final String TOPIC = "orders";

  private StackPrograms() {}

  /**
   * A service of gRPC that asks PostgreSQL and Redis and hands a record to Kafka for each call;
   * arguments: port, the database's URL, the port of Redis, the broker.
   */
  static final class Service {
    private static final int CONNECTIONS = 8;

    private final BlockingQueue<Connection> databases = new LinkedBlockingQueue<>();
    private final BlockingQueue<Socket> stores = new LinkedBlockingQueue<>();
    private final KafkaProducer<String, String> producer;

    private Service(String url, int store, String broker) throws SQLException, IOException {
      for (int i = 0; i < CONNECTIONS; i++) {
        databases.add(DriverManager.getConnection(url));
        stores.add(new Socket(InetAddress.getLoopbackAddress(), store));
      }
      Map<String, Object> settings = new HashMap<>();
      settings.put("bootstrap.servers", broker);
      settings.put("batch.size", "0"); // each record by itself, so that its context is its own
      settings.put("acks", "1");
      settings.put("enable.idempotence", "false");
      producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
      var _ = producer.partitionsFor(TOPIC);
    }

    public static void main(String[] args) throws Exception {
      Service service = new Service(args[1], Integer.parseInt(args[2]), args[3]);
      MethodDescriptor<byte[], byte[]> get =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("shop.v1.Orders/Get")
              .setRequestMarshaller(new Bytes())
              .setResponseMarshaller(new Bytes())
              .build();
      BindableService bound =
          () ->
              ServerServiceDefinition.builder("shop.v1.Orders")
                  .addMethod(get, ServerCalls.asyncUnaryCall(service::answer))
                  .build();
      WebServer.builder()
          .host("127.0.0.1")
          .port(Integer.parseInt(args[0]))
          .addRouting(GrpcRouting.builder().service(bound))
          .build()
          .start();
    }

    private void answer(byte[] request, StreamObserver<byte[]> observer) {
      String[] words = new String(request, US_ASCII).split(" ", -1);
      try {
        query();
        store(words[0]);
        ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, words[0], "ordered");
        if (!words[1].equals("-")) {
          record.headers().add("traceparent", words[1].getBytes(US_ASCII));
        }
        var _ = producer.send(record).get();
        observer.onNext(new byte[0]);
        observer.onCompleted();
      } catch (SQLException | IOException | ExecutionException failed) {
        observer.onError(Status.INTERNAL.withCause(failed).asException());
      } catch (InterruptedException told) {
        Thread.currentThread().interrupt();
        observer.onError(Status.CANCELLED.asException());
      }
    }

    private void query() throws SQLException, InterruptedException {
      Connection connection = databases.take();
      try (PreparedStatement statement =
          connection.prepareStatement("SELECT note FROM orders WHERE id = 1")) {
        statement.executeQuery().close();
      } finally {
        databases.add(connection);
      }
    }

    private void store(String number) throws IOException, InterruptedException {
      Socket socket = stores.take();
      try {
        String key = "order:" + number;
        socket
            .getOutputStream()
            .write(
                "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$1\r\n1\r\n"
                    .formatted(key.length(), key)
                    .getBytes(US_ASCII));
        if (socket.getInputStream().readNBytes(5).length < 5) {
          throw new IOException("Redis ended the connection");
        }
      } finally {
        stores.add(socket);
      }
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException impossible) {
        throw new UncheckedIOException(impossible);
      }
    }
  }

  /** Reads records until it has so many; arguments: the broker, the first one, how many. */
  static final class Consumer {
    private Consumer() {}

    public static void main(String[] args) {
      try (var consumer =
          new KafkaConsumer<>(
              Map.<String, Object>of("bootstrap.servers", args[0]),
              new StringDeserializer(),
              new StringDeserializer())) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        consumer.assign(List.of(partition));
        consumer.seek(partition, Long.parseLong(args[1]));
        for (int read = 0; read < Integer.parseInt(args[2]); ) {
          read += consumer.poll(Duration.ofSeconds(1)).count();
        }
      }
    }
  }
}
