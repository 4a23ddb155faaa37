package dev.troth.contracts.avro;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/**
 * Whether one Avro schema reads what another writes, by Avro's own rules of schema resolution. It
 * looks at schemas alone; {@link AvroBreach} shows a message that would fail.
 */
public final class AvroResolution {
  private AvroResolution() {}

  /**
   * Something that the reader cannot resolve.
   *
   * @param rule Avro's name for it, such as {@code missing-enum-symbols}
   * @param pointer where in the reader's schema
   */
  public record Obstacle(String rule, String pointer, String message) {}

  /**
   * What keeps the reader from reading; empty if nothing does.
   *
   * @throws IllegalArgumentException if one of them is not an Avro schema
   * @throws IllegalStateException if Avro is not on the class path
   */
  public static List<Obstacle> obstacles(Json writer, Json reader) {
    return SchemaCompatibility.checkReaderWriterCompatibility(schema(reader), schema(writer))
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(AvroResolution::obstacle)
        .toList();
  }

  /**
   * What makes the reader take values for something else: logical types, which the rules of
   * resolution pass over.
   */
  public static List<Obstacle> misreadings(Json writer, Json reader) {
    return AvroPair.obstacles(schema(writer), schema(reader));
  }

  /** The schema that JSON means; throws as {@link #obstacles} does. */
  static Schema schema(Json schema) {
    try {
      return new Schema.Parser().parse(JsonWriter.compact(schema));
    } catch (AvroRuntimeException e) {
      throw new IllegalArgumentException(
          "the Avro schema is wrong: " + AvroProblem.firstLine(e), e);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "contracts in Avro need org.apache.avro:avro on the class path", e);
    }
  }

  private static Obstacle obstacle(SchemaCompatibility.Incompatibility found) {
    String rule = found.getType().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Obstacle(rule, found.getLocation(), found.getMessage());
  }
}
