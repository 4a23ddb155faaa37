package dev.troth.server.source;

import dev.troth.server.source.SourceView.TableView;
import java.util.List;

/** How a source is read that is followed all the time. */
sealed interface StreamSettings extends SourceSettings 
    permits PostgresSettings, SqliteSettings, QueueSettings {
  /** What bears the name that was made for it; empty where nothing is made. */
  String mark();

  /** What waits there is counted in. */
  String unit();

  /** The tables that are watched, and what is known of a row before an update or a deletion. */
  List<TableView> tables();

  @Override
  default String pointer() {
    return "";
  }
}
