package dev.troth.server.source;

import dev.troth.server.source.SourceView.TableView;
import java.util.List;

/** How a source is read that sends what changes, and has something made at its other end. */
sealed interface StreamSettings extends SourceSettings permits PostgresSettings, SqliteSettings {
  /** What bears the name that was made for it. */
  String mark();

  /** What waits there is counted in. */
  String unit();

  /** What is watched, and what is known of it before an update or a deletion. */
  List<TableView> tables();

  @Override
  default String pointer() {
    return "";
  }
}
