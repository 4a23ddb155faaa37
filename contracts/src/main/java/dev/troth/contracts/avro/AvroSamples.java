package dev.troth.contracts.avro;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Values that tell apart what logical types make of them. */
final class AvroSamples {
  /** 12.50 with a scale of 2. */
  private static final BigInteger PRICE = BigInteger.valueOf(1_250);

  /** In the year 2026 if it counts seconds; a moment of any day if it is shorter. */
  private static final long MOMENT = 1_767_225_600L;

  private static final int MOST_DIGITS = 1_000;
  private static final int LARGEST_FIXED = 64 * 1024;

  private AvroSamples() {}

  /** In Avro's JSON encoding; none for plain types. */
  static List<Json> of(Schema schema) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      List<Json> samples = new ArrayList<>();
      // A longer number would be of no use to who reads it.
      int digits = Math.min(decimal.getPrecision(), MOST_DIGITS);
      BigInteger most = BigInteger.TEN.pow(digits).subtract(BigInteger.ONE);
      for (BigInteger unscaled : List.of(PRICE.min(most), most)) {
        byte[] bytes = unscaled.toByteArray();
        if (schema.getType() == Schema.Type.FIXED) {
          int size = schema.getFixedSize();
          if (bytes.length > size || size > LARGEST_FIXED) {
            continue;
          }
          byte[] padded = new byte[size];
          System.arraycopy(bytes, 0, padded, size - bytes.length, bytes.length);
          bytes = padded;
        }
        samples.add(new Json.Str(new String(bytes, StandardCharsets.ISO_8859_1)));
      }
      return samples;
    }
    if (schema.getLogicalType() == null) {
      return List.of();
    }
    return switch (schema.getLogicalType().getName()) {
      case "date", "time-millis" -> List.of(number(20_454));
      case "time-micros" -> List.of(number(20_454_000));
      case "timestamp-millis", "local-timestamp-millis" -> List.of(number(MOMENT * 1_000));
      case "timestamp-micros", "local-timestamp-micros" -> List.of(number(MOMENT * 1_000_000));
      case "timestamp-nanos", "local-timestamp-nanos" -> List.of(number(MOMENT * 1_000_000_000));
      case "uuid" ->
          schema.getType() == Schema.Type.STRING
              ? List.of(new Json.Str("123e4567-e89b-12d3-a456-426614174000"))
              : List.of();
      default -> List.of();
    };
  }

  private static Json number(long value) {
    return new Json.Num(BigDecimal.valueOf(value));
  }
}
