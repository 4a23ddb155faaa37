package dev.troth.server.registry;

import dev.troth.contracts.compatibility.Mode;
import dev.troth.server.registry.schema.Setting;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Settings in SQL, by the qualified name of what they are for. */
final class SettingStore {
  /** Where the settings of all that have none of their own stand. */
  static final String EVERYWHERE = "";

  Setting find(Handle handle, String key) {
    return handle
        .createQuery(
            """
            SELECT level, normalize, compatibility_group, mode FROM registry_setting
            WHERE subject = ?
            """)
        .bind(0, key)
        .map((row, context) -> setting(row))
        .findOne()
        .orElse(Setting.NONE);
  }

  private static Setting setting(ResultSet row) throws SQLException {
    int normalize = row.getInt(2);
    boolean normalizeIsSet = !row.wasNull();
    return new Setting(
        Optional.ofNullable(row.getString(1)).map(Mode::valueOf),
        normalizeIsSet ? Optional.of(normalize != 0) : Optional.empty(),
        Optional.ofNullable(row.getString(3)),
        Optional.ofNullable(row.getString(4)).map(Usage::valueOf));
  }

  void save(Handle handle, String key, Setting setting) {
    handle.execute("DELETE FROM registry_setting WHERE subject = ?", key);
    if (setting.isEmpty()) {
      return;
    }
    handle
        .createUpdate(
            """
            INSERT INTO registry_setting (subject, level, normalize, compatibility_group, mode)
            VALUES (?, ?, ?, ?, ?)
            """)
        .bind(0, key)
        .bind(1, setting.level().map(Mode::name).orElse(null))
        .bind(2, setting.normalize().map(on -> on ? 1 : 0).orElse(null))
        .bind(3, setting.group().orElse(null))
        .bind(4, setting.usage().map(Usage::name).orElse(null))
        .execute();
  }

  /** What holds for a subject: its own settings, its context's, and those of everything. */
  Setting effective(Handle handle, SubjectName subject) {
    String above = SubjectName.ofContext(subject.context()).qualified();
    String own = subject.qualified();
    Map<String, Setting> set = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT level, normalize, compatibility_group, mode, subject FROM registry_setting
            WHERE subject IN (?, ?, ?)
            """)
        .bind(0, EVERYWHERE)
        .bind(1, above)
        .bind(2, own)
        .map((row, context) -> Map.entry(row.getString(5), setting(row)))
        .forEach(one -> set.put(one.getKey(), one.getValue()));
    Setting everywhere = set.getOrDefault(EVERYWHERE, Setting.NONE);
    Setting effective =
        set.getOrDefault(own, Setting.NONE)
            .under(set.getOrDefault(above, Setting.NONE))
            .under(everywhere);
    boolean overridden = everywhere.usage().filter(u -> u == Usage.READONLY_OVERRIDE).isPresent();
    return overridden ? effective.withUsage(everywhere.usage()) : effective;
  }
}
