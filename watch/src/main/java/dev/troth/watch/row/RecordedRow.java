package dev.troth.watch.row;

import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.util.List;

/**
 * What a trigger wrote down of a row.
 *
 * @param keyBefore the values of its key before; empty for one that is new
 * @param keyAfter the values of its key after; empty for one that is gone
 */
public record RecordedRow(
    String table, List<String> keyBefore, List<String> keyAfter, Fields before, Fields after) {
  public RecordedRow {
    keyBefore = List.copyOf(keyBefore);
    keyAfter = List.copyOf(keyAfter);
    if (keyBefore.isEmpty() && keyAfter.isEmpty()) {
      throw new IllegalArgumentException(
          "a row of %s has no key, expected one before or after".formatted(table));
    }
  }

  /**
   * The change that it is.
   *
   * @param subject what the subjects of rows begin with
   */
  public NewChange change(String subject, String actor) {
    List<String> key = keyBefore.isEmpty() ? keyAfter : keyBefore;
    Subject about =
        Subject.parse("%s/%s/%s".formatted(subject, RowKey.escaped(table), RowKey.of(key)));
    return NewChange.of(about, about.type() + "." + what(), actor)
        .before(ShortFields.of(before.values()))
        .after(ShortFields.of(after.values()));
  }

  private String what() {
    if (keyBefore.isEmpty()) {
      return "inserted";
    }
    if (keyAfter.isEmpty()) {
      return "deleted";
    }
    return keyBefore.equals(keyAfter) ? "updated" : "rekeyed";
  }
}
