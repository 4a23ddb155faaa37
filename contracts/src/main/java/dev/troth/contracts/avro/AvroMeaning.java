package dev.troth.contracts.avro;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/**
 * What logical types say about plain values. Schema resolution of Avro's library passes over them,
 * so that 12.50 may be read as 0.1250.
 */
final class AvroMeaning {
  private static final long DAY_NANOS = 86_400_000_000_000L;

  private AvroMeaning() {}

  /** Something about two logical types that does not match. */
  record Mismatch(String rule, String message) {}

  /** What keeps a reader's logical type from meaning what the writer's does. */
  static Optional<Mismatch> mismatch(Schema writer, Schema reader) {
    LogicalType writes = writer.getLogicalType();
    LogicalType reads = reader.getLogicalType();
    if (writes instanceof LogicalTypes.Decimal from && reads instanceof LogicalTypes.Decimal to) {
      return decimals(from, to);
    }
    String from = name(writes);
    String to = name(reads);
    if (from.equals(to) || (from.equals("uuid") && reads == null)) {
      return Optional.empty();
    }
    return Optional.of(
        new Mismatch(
            "logical-type",
            "the reader takes %s for %s".formatted(shown(from, writer), shown(to, reader))));
  }

  private static Optional<Mismatch> decimals(LogicalTypes.Decimal from, LogicalTypes.Decimal to) {
    if (from.getScale() != to.getScale()) {
      return Optional.of(
          new Mismatch(
              "decimal-scale",
              "the reader's scale is %d, expected %d as the writer's"
                  .formatted(to.getScale(), from.getScale())));
    }
    if (from.getPrecision() != to.getPrecision()) {
      return Optional.of(
          new Mismatch(
              "decimal-precision",
              "the reader's precision is %d, expected %d as the writer's: Avro lets decimals match"
                      .formatted(to.getPrecision(), from.getPrecision())
                  + " only if both are equal"));
    }
    return Optional.empty();
  }

  private static String name(@Nullable LogicalType type) {
    return type == null ? "" : type.getName();
  }

  private static String shown(String name, Schema schema) {
    return name.isEmpty() ? "a plain " + schema.getType().getName().toLowerCase(Locale.ROOT) : name;
  }

  /** How a value is misread; empty if it means the same to both, or if nobody can say. */
  static Optional<String> misread(Schema writer, Object written, Schema reader, Object read) {
    Optional<Object> meant = meaning(writer, written);
    Optional<Object> taken = meaning(reader, read);
    if (reader.getLogicalType() instanceof LogicalTypes.Decimal to
        && meant.orElse(null) instanceof BigDecimal value
        && value.scale() == to.getScale()
        && value.precision() > to.getPrecision()) {
      return Optional.of(
          "%s has %d digits, the reader's precision is %d"
              .formatted(value.toPlainString(), value.precision(), to.getPrecision()));
    }
    if (name(reader.getLogicalType()).equals("uuid") && taken.isEmpty()) {
      return Optional.of("\"%s\" is no UUID".formatted(read));
    }
    if (meant.isEmpty() || taken.isEmpty()) {
      return Optional.empty();
    }
    boolean same =
        meant.get() instanceof BigDecimal one && taken.get() instanceof BigDecimal other
            ? one.compareTo(other) == 0
            : meant.get().equals(taken.get());
    return same
        ? Optional.empty()
        : Optional.of("%s is read as %s".formatted(plain(meant.get()), plain(taken.get())));
  }

  private static String plain(Object meaning) {
    return meaning instanceof BigDecimal number ? number.toPlainString() : meaning.toString();
  }

  /** What a plain value stands for, if its logical type says so. */
  private static Optional<Object> meaning(Schema schema, Object value) {
    try {
      return switch (name(schema.getLogicalType())) {
        case "decimal" -> {
          int scale = ((LogicalTypes.Decimal) schema.getLogicalType()).getScale();
          yield bytes(value).map(bytes -> new BigDecimal(new BigInteger(bytes), scale));
        }
        case "uuid" ->
            value instanceof CharSequence text
                ? Optional.of(UUID.fromString(text.toString()))
                : bytes(value).map(AvroMeaning::uuid);
        case "date" -> number(value).map(LocalDate::ofEpochDay);
        case "time-millis" -> number(value).flatMap(n -> time(n, 1_000_000));
        case "time-micros" -> number(value).flatMap(n -> time(n, 1_000));
        case "timestamp-millis" -> number(value).map(n -> instant(n, 1_000));
        case "timestamp-micros" -> number(value).map(n -> instant(n, 1_000_000));
        case "timestamp-nanos" -> number(value).map(n -> instant(n, 1_000_000_000));
        case "local-timestamp-millis" -> number(value).map(n -> local(n, 1_000));
        case "local-timestamp-micros" -> number(value).map(n -> local(n, 1_000_000));
        case "local-timestamp-nanos" -> number(value).map(n -> local(n, 1_000_000_000));
        default -> Optional.empty();
      };
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException beyond) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(Object value) {
    return value instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
  }

  private static Optional<byte[]> bytes(Object value) {
    byte[] bytes =
        switch (value) {
          case ByteBuffer buffer -> {
            byte[] copy = new byte[buffer.remaining()];
            buffer.duplicate().get(copy);
            yield copy;
          }
          case GenericFixed fixed -> fixed.bytes();
          default -> new byte[0];
        };
    return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
  }

  private static Object uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static Optional<Object> time(long count, long nanos) {
    return count < 0 || count >= DAY_NANOS / nanos
        ? Optional.empty()
        : Optional.of(LocalTime.ofNanoOfDay(count * nanos));
  }

  private static Instant instant(long count, long perSecond) {
    long nanos = Math.floorMod(count, perSecond) * (1_000_000_000L / perSecond);
    return Instant.ofEpochSecond(Math.floorDiv(count, perSecond), nanos);
  }

  private static Object local(long count, long perSecond) {
    return instant(count, perSecond).atOffset(ZoneOffset.UTC).toLocalDateTime();
  }
}
