package dev.troth.contracts.avro;

import dev.troth.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** An Avro schema that messages are checked against. Safe for use by many threads. */
public final class AvroShape {
  private final Schema schema;

  private AvroShape(Schema schema) {
    this.schema = schema;
  }

  /**
   * The shape of a schema.
   *
   * @throws IllegalArgumentException if it is not an Avro schema
   * @throws IllegalStateException if Avro is not on the class path
   */
  public static AvroShape of(Json schema) {
    return new AvroShape(AvroResolution.schema(schema));
  }

  /**
   * A value that the schema does not allow.
   *
   * @param pointer where in the message
   */
  public record Problem(String pointer, String expected, String found) {}

  /**
   * Why a message in Avro's JSON encoding is not of the schema; empty if it is.
   *
   * @param message the same as {@code json}
   */
  public List<Problem> problems(byte[] json, Json message) {
    try {
      var decoder = DecoderFactory.get().jsonDecoder(schema, new ByteArrayInputStream(json));
      new GenericDatumReader<Object>(schema).read(null, decoder);
      return List.of();
    } catch (IOException | AvroRuntimeException e) {
      List<Problem> placed =
          AvroValue.inMessage(schema, message).stream()
              .map(
                  wrong -> new Problem(wrong.pointer(), wrong.expected(), wrong.value().toString()))
              .toList();
      return placed.isEmpty()
          ? List.of(new Problem("", "a value of the Avro schema", AvroProblem.firstLine(e)))
          : placed;
    }
  }

  /** The same in Avro's binary encoding, which must end with the message. */
  public Optional<String> binaryProblem(byte[] binary) {
    try {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(binary, null);
      new GenericDatumReader<Object>(schema).read(null, decoder);
      return decoder.isEnd() ? Optional.empty() : Optional.of("bytes are left after the value");
    } catch (IOException
        | AvroRuntimeException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NegativeArraySizeException e) {
      return Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
