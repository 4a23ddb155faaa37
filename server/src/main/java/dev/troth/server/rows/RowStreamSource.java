package dev.troth.server.rows;

import dev.troth.server.http.Json;
import dev.troth.server.rows.PostgresSource.Session;
import dev.troth.watch.row.Relation;
import dev.troth.watch.row.RowPlace;
import dev.troth.watch.row.TableChanges;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import tools.jackson.core.JacksonException;

/**
 * Opens streams of {@code pgoutput}. The driver confirms by itself what the server writes for
 * others once all that came is confirmed, so a quiet table keeps no log.
 */
public final class RowStreamSource {
  private static final int STATUS_SECONDS = 5;

  private final PostgresSource databases;
  private final SlotSource slots;

  public RowStreamSource(PostgresSource databases, SlotSource slots) {
    this.databases = databases;
    this.slots = slots;
  }

  /** What the stream itself does not say, asked or read. */
  public TableChanges.Knowledge knowledge(PostgresRows rows) {
    return new TableChanges.Knowledge() {
      @Override
      public List<String> primaryKey(Relation relation) {
        return slots.primaryKey(rows, relation.schema(), relation.table());
      }

      @Override
      public @Nullable Object json(String text) {
        try {
          return Json.mapper().readValue(text, Object.class);
        } catch (JacksonException e) {
          // Too deep or too long for a document here: it stays the text that it is.
          return text;
        }
      }
    };
  }

  /**
   * Opens the stream behind a place.
   *
   * @throws StreamFailure when the server is another one, or has no slot, or does not answer
   */
  public Stream open(PostgresRows rows, String system, RowPlace place) {
    Session session = databases.openForStream(rows);
    try {
      List<String> server = session.ask("IDENTIFY_SYSTEM").getFirst();
      String found = server.getFirst();
      if (!found.equals(system)) {
        throw new StreamFailure(
            "the server is %s, expected %s: places in its log mean nothing here; remove the source and add it again"
                .formatted(found, system));
      }
      List<List<String>> slot =
          session.ask(
              "SELECT coalesce(wal_status, '')" + " FROM pg_replication_slots WHERE slot_name = ?",
              rows.slot());
      if (slot.isEmpty() || slot.getFirst().getFirst().equals("lost")) {
        throw new StreamFailure(
            "slot %s is %s, so changes after %s are lost: remove the source and add it again"
                .formatted(rows.slot(), slot.isEmpty() ? "not there" : "invalid", place));
      }
      return new Stream(
          session, start(session, rows, place), LogSequenceNumber.valueOf(server.get(2)));
    } catch (SQLException e) {
      session.close();
      throw new StreamFailure("the stream cannot begin: " + PostgresSource.reason(e));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static PGReplicationStream start(Session session, PostgresRows rows, RowPlace place)
      throws SQLException {
    return session
        .connection()
        .unwrap(PGConnection.class)
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName(rows.slot())
        .withStartPosition(LogSequenceNumber.valueOf(place.end()))
        .withSlotOption("proto_version", 1)
        .withSlotOption("publication_names", String.join(",", rows.publications()))
        .withStatusInterval(STATUS_SECONDS, TimeUnit.SECONDS)
        .withAutomaticFlush(true)
        .start();
  }

  /** An open stream; {@link #close} by another thread ends a wait in it. */
  public static final class Stream implements Closeable {
    private final Session session;
    private final PGReplicationStream stream;
    private final LogSequenceNumber written;

    /**
     * @param written up to where the server's log went when the stream was opened
     */
    Stream(Session session, PGReplicationStream stream, LogSequenceNumber written) {
      this.session = session;
      this.stream = stream;
      this.written = written;
    }

    /** Whether the server has sent, or passed over, all that was in its log at the beginning. */
    public boolean hasCaughtUp() {
      return stream.getLastReceiveLSN().compareTo(written) >= 0;
    }

    /** The next message, waited for. */
    public ByteBuffer take() {
      try {
        ByteBuffer message = stream.read();
        if (message == null) {
          throw new StreamFailure("the server ended the stream");
        }
        return message;
      } catch (SQLException e) {
        throw new StreamFailure("the stream broke: " + PostgresSource.reason(e));
      }
    }

    /** The next message, if it is here already. */
    public Optional<ByteBuffer> poll() {
      try {
        return Optional.ofNullable(stream.readPending());
      } catch (SQLException e) {
        throw new StreamFailure("the stream broke: " + PostgresSource.reason(e));
      }
    }

    /** The server need not keep what stands before: call it after the commit alone. */
    public void confirm(RowPlace place) {
      LogSequenceNumber end = LogSequenceNumber.valueOf(place.end());
      stream.setAppliedLSN(end);
      stream.setFlushedLSN(end);
    }

    @Override
    public void close() {
      try {
        // Not close(), which waits for whoever reads.
        session.connection().abort(Runnable::run);
      } catch (SQLException e) {
        session.close();
      }
    }
  }
}
