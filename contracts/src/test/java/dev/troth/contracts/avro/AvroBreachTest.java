package dev.troth.contracts.avro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.testkit.Property;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AvroBreachTest {
  private static Json json(String text) {
    return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writer, reader, the message that must be shown, and its bytes; - for none. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"int\" | \"long\" | - | -",
        "\"long\" | \"int\" | 0 | 00",
        "\"string\" | \"bytes\" | - | -",
        "{'type':'array','items':'string'} | {'type':'array','items':'int'} | [\"\"] | 020000",
        "{'type':'map','values':'long'} | {'type':'map','values':'int'} | {\"a\":0} | 0202610000",
        "['null','string'] | 'string' | null | 00",
        "['null','string'] | 'null' | {\"string\":\"\"} | 0200",
        "'string' | ['null','string'] | - | -",
        "{'type':'enum','name':'E','symbols':['A','B']}"
            + "| {'type':'enum','name':'E','symbols':['A']} | \"B\" | 02",
        "{'type':'enum','name':'E','symbols':['A','B']}"
            + "| {'type':'enum','name':'E','symbols':['A'],'default':'A'} | - | -",
        "{'type':'fixed','name':'F','size':1} | {'type':'fixed','name':'F','size':2}"
            + "| \"\\u0000\" | 00",
        "{'type':'record','name':'R','fields':[{'name':'a','type':'int'}]}"
            + "| {'type':'record','name':'R','fields':[{'name':'b','type':'int'}]} | {\"a\":0} | 00",
        "{'type':'record','name':'R','fields':[{'name':'v','type':'int'},"
            + "{'name':'next','type':['null','R']}]}"
            + "| {'type':'record','name':'R','fields':[{'name':'v','type':'int'},"
            + "{'name':'next','type':'null'}]}"
            + "| {\"v\":0,\"next\":{\"R\":{\"v\":0,\"next\":null}}} | 00020000",
      })
  void shows_the_shortest_message(String writer, String reader, String message, String bytes) {
    Optional<AvroBreach> breach =
        AvroBreach.find(json(writer.replace('\'', '"')), json(reader.replace('\'', '"')));
    assertThat(breach.map(b -> b.message().toString()).orElse("-")).isEqualTo(message);
    assertThat(breach.map(AvroBreach::bytes).orElse("-")).isEqualTo(bytes);
  }

  @Test
  void an_endless_schema_has_no_messages() {
    Json endless =
        json("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"r\",\"type\":\"R\"}]}");
    assertThat(AvroBreach.find(endless, json("\"int\""))).isEmpty();
  }

  @Test
  void never_contradicts_avros_own_rules_nor_its_decoder() {
    AtomicInteger refuted = new AtomicInteger();
    AtomicInteger proved = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    Property.of("Avro breaches are real")
        .runs(2_000, 200_000)
        .check(random -> {
          RandomAvro make = new RandomAvro(random);
          Json writer = make.schema(3);
          Json reader = make.changed(writer, 2);
          boolean compatible = AvroResolution.obstacles(writer, reader).isEmpty();
          Optional<AvroBreach> breach = AvroBreach.find(writer, reader);
          if (breach.isPresent()) {
            assertThat(compatible).as("%s read by %s", writer, reader).isFalse();
            assertThat(reads(breach.get(), writer, reader))
                .as("%s: %s read by %s", breach, writer, reader)
                .isFalse();
            assertThat(reads(breach.get(), writer, writer)).isTrue();
            refuted.incrementAndGet();
          } else if (compatible) {
            proved.incrementAndGet();
          } else {
            open.incrementAndGet();
          }
        });
    System.out.printf(
        "Avro pairs: %d proved, %d refuted, %d open%n", proved.get(), refuted.get(), open.get());
    assertThat(open.get()).isLessThan((proved.get() + refuted.get()) / 50 + 1);
  }

  /** Reads the bytes anew, with nothing of what is tested but them. */
  private static boolean reads(AvroBreach breach, Json writer, Json reader) throws IOException {
    Schema writes = new Schema.Parser().parse(writer.toString());
    Schema reads = new Schema.Parser().parse(reader.toString());
    byte[] bytes = HexFormat.of().parseHex(breach.bytes());
    try {
      // Bytes that follow, as in a file, keep Avro's guess at the least length out of it.
      byte[] followed = Arrays.copyOf(bytes, bytes.length + 4_096);
      var decoder = DecoderFactory.get().binaryDecoder(followed, null);
      new GenericDatumReader<Object>(writes, reads).read(null, decoder);
      return true;
    } catch (AvroRuntimeException refused) {
      return false;
    }
  }

  private static String wide(int fields, String last) {
    StringBuilder text = new StringBuilder("{\"type\":\"record\",\"name\":\"W\",\"fields\":[");
    for (int i = 0; i < fields; i++) {
      String type = i == fields - 1 ? last : "[\"null\",\"string\"]";
      text.append(i == 0 ? "" : ",")
          .append("{\"name\":\"f%d\",\"type\":%s,\"default\":null}".formatted(i, type));
    }
    return text.append("]}").toString();
  }

  @Test
  void ofAWideRecordFewMessagesAreTriedAndAPlainOneIsShown() {
    Json writer = json(wide(1_200, "[\"null\",\"string\"]"));
    assertThat(new AvroMessages().of(AvroResolution.schema(writer))).hasSizeLessThan(170);
    AvroBreach breach =
        AvroBreach.find(writer, json(wide(1_200, "[\"null\",\"int\"]"))).orElseThrow();
    Json.Obj shown = (Json.Obj) breach.message();
    assertThat(shown.members().values().stream().filter(value -> value != Json.Null.NULL))
        .hasSize(1);
    assertThat(shown.members().get("f1199")).isNotEqualTo(Json.Null.NULL);
  }

  @Test
  void ofManySymbolsEachIsTriedAtTheCostOfItself() {
    String symbols =
        IntStream.range(0, 30_000).mapToObj(i -> "\"S" + i + "\"").collect(Collectors.joining(","));
    String all = "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[%s]}";
    Json writer = json(all.formatted(symbols));
    assertThat(AvroBreach.find(writer, json(all.formatted(symbols + ",\"T\"")))).isEmpty();
    assertThat(AvroBreach.find(writer, json(all.formatted(symbols.replace("\"S7\",", "")))))
        .hasValueSatisfying(breach -> assertThat(breach.message().toString()).isEqualTo("\"S7\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'fixed','name':'F','size':2000000000} | {'type':'fixed','name':'F','size':2000000001}",
        "{'type':'bytes','logicalType':'decimal','precision':2000000000,'scale':2}"
            + "| {'type':'bytes','logicalType':'decimal','precision':2000000001,'scale':2}",
        "{'type':'fixed','name':'F','size':2000000000,'logicalType':'decimal','precision':9}"
            + "| {'type':'fixed','name':'F','size':2000000000,'logicalType':'decimal','precision':8}",
      })
  void messagesOfHugeSizeAreNotMade(String writer, String reader) {
    Json writes = json(writer.replace('\'', '"'));
    Json reads = json(reader.replace('\'', '"'));
    assertThat(new AvroMessages().of(AvroResolution.schema(writes))).hasSizeLessThan(5);
    assertThat(AvroBreach.find(writes, reads)).isEmpty();
    assertThat(AvroBreach.misread(writes, reads)).isEmpty();
  }

  /** Each level has two of the next: a message of 20 levels would have a million values. */
  @Test
  void messagesThatDoubleFromLevelToLevelAreNotMade() {
    String level = "\"int\"";
    for (int i = 0; i < 30; i++) {
      level =
          "{\"type\":\"record\",\"name\":\"L%d\",\"fields\":[{\"name\":\"a\",\"type\":%s},%s]}"
              .formatted(
                  i,
                  level,
                  i == 0
                      ? "{\"name\":\"b\",\"type\":\"int\"}"
                      : "{\"name\":\"b\",\"type\":\"L%d\"}".formatted(i - 1));
    }
    assertThat(new AvroMessages().of(AvroResolution.schema(json(level)))).isEmpty();
  }
}
