package dev.troth.cli.contract.topic;

import dev.troth.cli.command.ApiClient;
import dev.troth.server.kafka.TopicSource.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a topic as JSON. A schema id comes before the payload (Confluent's wire format: 0x00
 * and four bytes) or as a guid in the header {@code __value_schema_id} (0x01 and sixteen bytes);
 * without either the message is JSON itself. Payloads in Avro are read by the schema that their id
 * names, which the registry is asked for once.
 */
final class TopicMessages {
  private static final String HEADER = "__value_schema_id";
  private static final int MOST_SCHEMAS = 1_000;

  private final Supplier<ApiClient> registry;
  private final Map<String, Named> schemas = new LinkedHashMap<>();

  TopicMessages(Supplier<ApiClient> registry) {
    this.registry = registry;
  }

  /** A message that no contract can be asked about, with the reason. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /**
   * A schema that messages name.
   *
   * @param avro null if its messages are JSON
   * @param problem why it cannot be used, or null
   */
  private record Named(@Nullable Schema avro, @Nullable String problem) {}

  private record Answered(@Nullable String schemaType, String schema) {}

  /** The JSON of a message. */
  byte[] json(Message message, byte[] value) throws Unreadable {
    byte[] header = message.headers().get(HEADER);
    if (header != null) {
      if (header.length != 17 || header[0] != 1) {
        throw new Unreadable(
            "the header %s has %d bytes, expected 0x01 and a guid"
                .formatted(HEADER, header.length));
      }
      ByteBuffer guid = ByteBuffer.wrap(header, 1, 16);
      return payload("guids/" + new UUID(guid.getLong(), guid.getLong()), value);
    }
    if (value.length > 0 && value[0] == 0) {
      if (value.length < 5) {
        throw new Unreadable(
            "it has %d bytes and begins with 0x00, expected an id of four bytes behind it"
                .formatted(value.length));
      }
      int id = ByteBuffer.wrap(value, 1, 4).getInt();
      return payload("ids/" + id, Arrays.copyOfRange(value, 5, value.length));
    }
    return value;
  }

  private byte[] payload(String name, byte[] payload) throws Unreadable {
    Named schema = schemas.get(name);
    if (schema == null) {
      if (schemas.size() >= MOST_SCHEMAS) {
        schemas.clear();
      }
      schema = find(name);
      schemas.put(name, schema);
    }
    if (schema.problem() != null) {
      throw new Unreadable(schema.problem());
    }
    Schema avro = schema.avro();
    return avro == null ? payload : json(avro, payload, name);
  }

  private Named find(String name) {
    Optional<Answered> found = registry.get().find("/registry/schemas/" + name, Answered.class);
    if (found.isEmpty()) {
      return new Named(null, "schema %s is not in the registry".formatted(name));
    }
    if ("JSON".equals(found.get().schemaType())) {
      return new Named(null, null);
    }
    try {
      return new Named(new Schema.Parser().parse(found.get().schema()), null);
    } catch (SchemaParseException e) {
      return new Named(
          null, "schema %s cannot be used alone, expected one without references".formatted(name));
    }
  }

  private static byte[] json(Schema schema, byte[] payload, String name) throws Unreadable {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      BinaryDecoder in = DecoderFactory.get().binaryDecoder(payload, null);
      Object datum = new GenericDatumReader<>(schema).read(null, in);
      if (!in.isEnd()) {
        throw new Unreadable(
            "bytes are left behind the payload that schema %s reads".formatted(name));
      }
      JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, out);
      new GenericDatumWriter<>(schema).write(datum, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      throw new Unreadable(
          "the payload is not what schema %s reads: %s".formatted(name, e.getMessage()));
    }
  }
}
