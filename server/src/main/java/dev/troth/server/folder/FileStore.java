package dev.troth.server.folder;

import dev.troth.server.change.ChangeJson;
import dev.troth.watch.change.Fields;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** What was seen last of the files of sources, in SQL. */
public final class FileStore {
  /**
   * A file as it was told.
   *
   * @param print by which the next look knows whether it moved
   */
  public record Known(String print, Fields fields) {}

  /** By their paths. */
  public Map<String, Known> all(Handle handle, long source) {
    Map<String, Known> all = new TreeMap<>();
    handle
        .createQuery("SELECT path, print, fields FROM source_file WHERE source_id = ?")
        .bind(0, source)
        .map((row, context) ->
            Map.entry(
                row.getString(1),
                new Known(row.getString(2), new Fields(ChangeJson.readFields(row.getString(3))))))
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    return all;
  }

  public void put(Handle handle, long source, String path, Known known) {
    handle.execute(
        """
        INSERT INTO source_file (source_id, path, print, fields) VALUES (?, ?, ?, ?)
        ON CONFLICT (source_id, path) DO UPDATE SET print = excluded.print,
          fields = excluded.fields
        """,
        source,
        path,
        known.print(),
        ChangeJson.write(known.fields()));
  }

  public void remove(Handle handle, long source, String path) {
    handle.execute("DELETE FROM source_file WHERE source_id = ? AND path = ?", source, path);
  }

  /** Forgets a source. */
  public void delete(Handle handle, long source) {
    handle.execute("DELETE FROM source_file WHERE source_id = ?", source);
  }
}
