package dev.troth.contracts.avro;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonDecoder;

/**
 * A message that one Avro schema writes and another refuses to read, as Avro's own encoder and
 * decoder say, or takes for something else.
 *
 * @param message in Avro's JSON encoding
 * @param bytes in its binary encoding, hexadecimal
 * @param reason what the decoder says, or what is misread
 * @param refused whether it is refused; else it is misread
 */
public record AvroBreach(Json message, String bytes, String reason, boolean refused) {
  /** Decodes by the rules of resolution, so that what is not met in a message does no harm. */
  private static final GenericData BY_RESOLUTION = new GenericData().setFastReaderEnabled(false);

  /**
   * As if more messages followed. Avro 1.12.2 refuses a last array or map whose items are shorter
   * than the reader's schema would write them, although they resolve; that is no matter of schemas.
   */
  private static final int PADDING = 4_096;

  /**
   * The shortest of some messages that a reader refuses; none if it reads them all.
   *
   * @throws IllegalArgumentException if one of the schemas is not an Avro schema
   * @throws IllegalStateException if Avro is not on the class path
   */
  public static Optional<AvroBreach> find(Json writer, Json reader) {
    return find(writer, reader, AvroBreach::refused);
  }

  /**
   * The shortest of some messages that a reader reads and takes for something else: a decimal by
   * another scale, a time in another unit, a record of another name.
   */
  public static Optional<AvroBreach> misread(Json writer, Json reader) {
    return find(writer, reader, breach -> !breach.refused());
  }

  private static Optional<AvroBreach> find(Json writer, Json reader, Predicate<AvroBreach> wanted) {
    Schema writes = AvroResolution.schema(writer);
    Schema reads = AvroResolution.schema(reader);
    List<Json> made = new AvroMessages().of(writes);
    if (made.isEmpty()) {
      return Optional.empty();
    }
    List<Written> messages =
        made.stream()
            .map(json -> new Written(json, JsonWriter.compact(json)))
            .sorted(Comparator.comparingInt(one -> one.text().length()))
            .toList();
    Trial trial;
    try {
      trial = new Trial(writes, reads);
    } catch (IOException | AvroRuntimeException unreadable) {
      return Optional.empty();
    }
    for (Written message : messages) {
      Optional<AvroBreach> breach = trial.of(message).filter(wanted);
      if (breach.isPresent()) {
        return Optional.of(
            plainer(
                breach.get(),
                made.getFirst(),
                one -> trial.of(new Written(one, JsonWriter.compact(one))).filter(wanted)));
      }
    }
    return Optional.empty();
  }

  /** A message and its text. */
  private record Written(Json json, String text) {}

  /** The same breach with as many members as can be as in the plainest message, half by half. */
  private static AvroBreach plainer(
      AvroBreach found, Json plainest, Function<Json, Optional<AvroBreach>> read) {
    if (!(plainest instanceof Json.Obj plain) || !(found.message() instanceof Json.Obj message)) {
      return found;
    }
    AvroBreach best = found;
    List<String> varied =
        message.members().keySet().stream()
            .filter(name -> !Objects.equals(message.members().get(name), plain.members().get(name)))
            .toList();
    while (varied.size() > 1) {
      List<String> first = varied.subList(0, varied.size() / 2);
      List<String> second = varied.subList(varied.size() / 2, varied.size());
      Optional<AvroBreach> half = read.apply(with(plain, message, first));
      varied = half.isPresent() ? first : second;
      half = half.isPresent() ? half : read.apply(with(plain, message, second));
      if (half.isEmpty()) {
        return best;
      }
      best = half.get();
    }
    return best;
  }

  private static Json with(Json.Obj plain, Json.Obj message, List<String> varied) {
    Map<String, Json> members = new LinkedHashMap<>(plain.members());
    varied.forEach(name ->
        members.computeIfPresent(name, (key, old) -> message.members().getOrDefault(key, old)));
    return new Json.Obj(members);
  }

  /** Tries one message after the other; what the schemas need is made once for all of them. */
  private static final class Trial {
    private final Schema writes;
    private final Schema reads;
    private final JsonDecoder texts;
    private final GenericDatumReader<Object> fromText;
    private final GenericDatumWriter<Object> writer;
    private final GenericDatumReader<Object> reader;

    Trial(Schema writes, Schema reads) throws IOException {
      this.writes = writes;
      this.reads = reads;
      texts = DecoderFactory.get().jsonDecoder(writes, "");
      fromText = new GenericDatumReader<>(writes);
      writer = new GenericDatumWriter<>(writes);
      reader = new GenericDatumReader<>(writes, reads, BY_RESOLUTION);
    }

    Optional<AvroBreach> of(Written message) {
      Object written;
      byte[] bytes;
      try {
        var _ = texts.configure(message.text());
        written = fromText.read(null, texts);
        bytes = encoded(written);
      } catch (IOException | AvroRuntimeException notWritten) {
        return Optional.empty();
      }
      String hex = HexFormat.of().formatHex(bytes);
      Object read;
      try {
        BinaryDecoder decoder =
            DecoderFactory.get().binaryDecoder(Arrays.copyOf(bytes, bytes.length + PADDING), null);
        read = reader.read(null, decoder);
      } catch (IOException | AvroRuntimeException refused) {
        return Optional.of(
            new AvroBreach(message.json(), hex, AvroProblem.firstLine(refused), true));
      }
      try {
        return AvroPair.misread(writes, written, reads, read)
            .map(how -> new AvroBreach(message.json(), hex, how, false));
      } catch (AvroRuntimeException unpaired) {
        return Optional.empty();
      }
    }

    private byte[] encoded(Object datum) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      writer.write(datum, encoder);
      encoder.flush();
      return bytes.toByteArray();
    }
  }
}
