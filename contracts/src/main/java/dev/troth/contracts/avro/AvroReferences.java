package dev.troth.contracts.avro;

import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Avro schemas whose named types stand in other schemas. */
public final class AvroReferences {
  private AvroReferences() {}

  /**
   * The schema in one document, with the types that it names.
   *
   * @param others what it refers to; what is referred to comes before what refers to it
   * @throws IllegalArgumentException if one of them is not an Avro schema
   * @throws IllegalStateException if Avro is not on the class path
   */
  public static Json inlined(Json schema, List<Json> others) {
    try {
      Schema.Parser parser = new Schema.Parser();
      for (Json other : others) {
        parser.parse(JsonWriter.compact(other));
      }
      String whole = parser.parse(JsonWriter.compact(schema)).toString();
      return JsonReader.read(whole.getBytes(StandardCharsets.UTF_8));
    } catch (AvroRuntimeException e) {
      throw new IllegalArgumentException(
          "the Avro schema is wrong: " + AvroProblem.firstLine(e), e);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "contracts in Avro need org.apache.avro:avro on the class path", e);
    }
  }
}
