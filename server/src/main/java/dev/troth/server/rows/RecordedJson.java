package dev.troth.server.rows;

import dev.troth.watch.change.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON that triggers write down, of rows of any length. */
final class RecordedJson {
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};
  private static final TypeReference<List<@Nullable String>> TEXTS = new TypeReference<>() {};

  /** Rows longer than this come with their long values cut; the others are cut as changes are. */
  private static final int LONGEST_ROW = 4 << 20;

  /** Cut by SQLite itself, so that nobody reads a gigabyte of a file that others write. */
  private static final String CUT =
      """
      CASE WHEN length(%1$s) <= %2$d THEN %1$s ELSE (
        SELECT json_group_object(key, CASE WHEN length(value) <= 1000 THEN value
          ELSE substr(value, 1, 1000) || '… (' || length(value) || ' characters)' END)
        FROM json_each(%1$s)) END\
      """;

  /** Without a limit of its own: rows come cut, in other units, and of a key all counts. */
  private static final JsonMapper ROWS =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private RecordedJson() {}

  /** A column of recorded rows as it is to be read. */
  static String selected(String column) {
    return CUT.formatted(column, LONGEST_ROW);
  }

  static List<String> key(@Nullable String text) {
    return text == null
        ? List.of()
        : ROWS.readValue(text, TEXTS).stream().map(value -> value == null ? "" : value).toList();
  }

  static Fields fields(@Nullable String text) {
    return text == null ? Fields.none() : new Fields(ROWS.readValue(text, OBJECT));
  }
}
