package dev.troth.watch.row;

import dev.troth.watch.row.Relation.Column;
import dev.troth.watch.row.Relation.Identity;
import dev.troth.watch.row.RowMessage.Former;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what the plugin {@code pgoutput} writes, in version 1 of its protocol (PostgreSQL, chapter
 * "Logical Replication Message Formats"). One for each stream: it remembers the tables. For one
 * thread.
 *
 * <pre>{@code
 * PgOutput reader = new PgOutput();
 * switch (reader.read(bytes)) { case RowMessage.Inserted(Relation table, List<Cell> row) -> … }
 * }</pre>
 */
public final class PgOutput {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final Map<Integer, Relation> relations = new HashMap<>();

  /**
   * Reads a message to its end.
   *
   * @throws IllegalArgumentException for bytes that are none
   */
  public RowMessage read(ByteBuffer bytes) {
    char kind = '?';
    try {
      kind = (char) bytes.get();
      return switch (kind) {
        case 'B' -> {
          RowMessage begun = new RowMessage.Begun(bytes.getLong(), time(bytes.getLong()));
          int _ = bytes.getInt();
          yield begun;
        }
        case 'C' -> {
          byte _ = bytes.get();
          long _ = bytes.getLong();
          RowMessage committed = new RowMessage.Committed(bytes.getLong());
          long _ = bytes.getLong();
          yield committed;
        }
        case 'R' -> described(bytes);
        case 'I' -> inserted(bytes);
        case 'U' -> updated(bytes);
        case 'D' -> deleted(bytes);
        case 'T' -> truncated(bytes);
        case 'Y', 'O', 'M' -> new RowMessage.Aside(kind);
        default ->
            throw new IllegalArgumentException(
                "message is of kind 0x%02x, expected one of protocol 1".formatted((int) kind));
      };
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("message %s is cut short".formatted(kind), e);
    }
  }

  private static Instant time(long micros) {
    return EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private RowMessage described(ByteBuffer bytes) {
    int oid = bytes.getInt();
    String schema = string(bytes);
    String table = string(bytes);
    Identity identity = Identity.of((char) bytes.get());
    int count = bytes.getShort();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean identifies = (bytes.get() & 1) == 1;
      String name = string(bytes);
      int type = bytes.getInt();
      int _ = bytes.getInt();
      columns.add(new Column(name, type, identifies));
    }
    // What is in no schema's name is in the catalogue's.
    Relation relation =
        new Relation(oid, schema.isEmpty() ? "pg_catalog" : schema, table, identity, columns);
    relations.put(oid, relation);
    return new RowMessage.Described(relation);
  }

  private Relation relation(int oid) {
    Relation relation = relations.get(oid);
    if (relation == null) {
      throw new IllegalArgumentException(
          "table %s was not described before its rows".formatted(Integer.toUnsignedString(oid)));
    }
    return relation;
  }

  private RowMessage inserted(ByteBuffer bytes) {
    Relation relation = relation(bytes.getInt());
    char part = (char) bytes.get();
    if (part != 'N') {
      throw strange("I", part);
    }
    return new RowMessage.Inserted(relation, row(relation, bytes));
  }

  private RowMessage updated(ByteBuffer bytes) {
    Relation relation = relation(bytes.getInt());
    char part = (char) bytes.get();
    Optional<Former> former = Optional.empty();
    if (part == 'K' || part == 'O') {
      former = Optional.of(new Former(part == 'O', row(relation, bytes)));
      part = (char) bytes.get();
    }
    if (part != 'N') {
      throw strange("U", part);
    }
    return new RowMessage.Updated(relation, former, row(relation, bytes));
  }

  private RowMessage deleted(ByteBuffer bytes) {
    Relation relation = relation(bytes.getInt());
    char part = (char) bytes.get();
    if (part != 'K' && part != 'O') {
      throw strange("D", part);
    }
    return new RowMessage.Deleted(relation, new Former(part == 'O', row(relation, bytes)));
  }

  private RowMessage truncated(ByteBuffer bytes) {
    int count = bytes.getInt();
    byte _ = bytes.get();
    List<Relation> emptied = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      emptied.add(relation(bytes.getInt()));
    }
    return new RowMessage.Truncated(emptied);
  }

  private static List<Cell> row(Relation relation, ByteBuffer bytes) {
    int count = bytes.getShort();
    if (count != relation.columns().size()) {
      throw new IllegalArgumentException(
          "a row of %s has %d columns, expected %d"
              .formatted(relation.name(), count, relation.columns().size()));
    }
    List<Cell> cells = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      char kind = (char) bytes.get();
      cells.add(
          switch (kind) {
            case 'n' -> new Cell.Null();
            case 'u' -> new Cell.Unchanged();
            case 't' -> new Cell.Text(text(bytes, bytes.getInt()));
            default -> throw strange("cell", kind);
          });
    }
    return cells;
  }

  private static String text(ByteBuffer bytes, int length) {
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static String string(ByteBuffer bytes) {
    int start = bytes.position();
    int end = start;
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    String text = text(bytes, end - start);
    byte _ = bytes.get();
    return text;
  }

  private static IllegalArgumentException strange(String message, char part) {
    return new IllegalArgumentException(
        "part 0x%02x of a message %s is not one of protocol 1".formatted((int) part, message));
  }
}
