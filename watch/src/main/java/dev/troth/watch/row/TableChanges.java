package dev.troth.watch.row;

import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.row.Relation.Column;
import dev.troth.watch.row.RowMessage.Former;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What happened to rows, as changes of subjects: {@code table/public.orders/7} was inserted,
 * updated, deleted or got another key, {@code table/public.orders} was truncated. For one thread.
 */
public final class TableChanges {
  private final String subject;
  private final String actor;
  private final Map<String, Set<String>> columns;
  private final Knowledge knowledge;
  private final Map<Integer, List<String>> keys = new HashMap<>();

  /** What the stream itself does not say. */
  public interface Knowledge {
    /** The names of a table's primary key, of which a whole row says nothing; empty without one. */
    List<String> primaryKey(Relation relation);

    /** JSON as strings, numbers, booleans, lists, maps and nulls. */
    @Nullable Object json(String text);
  }

  /**
   * Changes of tables.
   *
   * @param subject what their subjects begin with
   * @param columns by the tables' names the columns that count; an empty set for all
   */
  public TableChanges(
      String subject, String actor, Map<String, Set<String>> columns, Knowledge knowledge) {
    this.subject = subject;
    this.actor = actor;
    this.columns = Map.copyOf(columns);
    this.knowledge = knowledge;
  }

  /** A table is new, or made otherwise. */
  void described(Relation relation) {
    List<String> identifying =
        relation.columns().stream().filter(Column::identifies).map(Column::name).toList();
    keys.put(
        relation.oid(),
        relation.identity() == Relation.Identity.FULL
            ? knowledge.primaryKey(relation)
            : identifying);
  }

  /** What happened, as changes; none of tables and columns that do not count. */
  List<NewChange> changes(RowMessage.Happened happened) {
    return switch (happened) {
      case RowMessage.Inserted(Relation relation, List<Cell> row) ->
          isWatched(relation)
              ? List.of(change(relation, key(relation, row), "inserted").after(all(relation, row)))
              : List.of();
      case RowMessage.Updated updated ->
          isWatched(updated.relation()) ? updated(updated).stream().toList() : List.of();
      case RowMessage.Deleted(Relation relation, Former former) ->
          isWatched(relation)
              ? List.of(
                  change(relation, key(relation, former.row()), "deleted")
                      .before(former(relation, former)))
              : List.of();
      case RowMessage.Truncated(List<Relation> relations) ->
          relations.stream()
              .filter(this::isWatched)
              .map(relation -> change(relation, List.of(), "truncated"))
              .toList();
    };
  }

  private boolean isWatched(Relation relation) {
    return columns.containsKey(relation.name());
  }

  private Optional<NewChange> updated(RowMessage.Updated updated) {
    Relation relation = updated.relation();
    List<Cell> row = updated.row();
    Former former = updated.former().orElse(null);
    if (former == null) {
      return Optional.of(change(relation, key(relation, row), "updated").after(all(relation, row)));
    }
    List<Cell> now = former.whole() ? completed(row, former.row()) : row;
    Fields before = former(relation, former);
    Fields after = all(relation, now);
    List<String> was = key(relation, former.row());
    boolean moved = !was.equals(key(relation, completed(row, former.row())));
    boolean chosen = !columns.getOrDefault(relation.name(), Set.of()).isEmpty();
    if (chosen && !moved && former.whole() && Fields.changed(before, after).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        change(relation, was, moved ? "rekeyed" : "updated").before(before).after(after));
  }

  /** A row with the values that the server did not send again. */
  private static List<Cell> completed(List<Cell> row, List<Cell> former) {
    List<Cell> cells = new ArrayList<>(row);
    for (int i = 0; i < cells.size(); i++) {
      if (cells.get(i) instanceof Cell.Unchanged) {
        cells.set(i, former.get(i));
      }
    }
    return cells;
  }

  private NewChange change(Relation relation, List<String> key, String what) {
    String table = subject + "/" + named(relation.schema()) + "." + named(relation.table());
    Subject about = Subject.parse(key.isEmpty() ? table : table + "/" + RowKey.of(key));
    return NewChange.of(about, about.type() + "." + what, actor);
  }

  private static String named(String text) {
    return RowKey.escaped(text).replace(".", "%2E");
  }

  /** The texts of the columns that name a row; none where nothing does. */
  private List<String> key(Relation relation, List<Cell> row) {
    List<String> names = keys.getOrDefault(relation.oid(), List.of());
    List<String> values = new ArrayList<>();
    for (String name : names) {
      for (int i = 0; i < relation.columns().size(); i++) {
        if (relation.columns().get(i).name().equals(name)
            && row.get(i) instanceof Cell.Text(String text)) {
          values.add(text);
        }
      }
    }
    // A key of which a part is not there names no row.
    return values.size() == names.size() ? values : List.of();
  }

  private Fields all(Relation relation, List<Cell> row) {
    return fields(relation, row, column -> true);
  }

  private Fields former(Relation relation, Former former) {
    return fields(relation, former.row(), column -> former.whole() || column.identifies());
  }

  private Fields fields(Relation relation, List<Cell> row, Predicate<Column> known) {
    Set<String> chosen = columns.getOrDefault(relation.name(), Set.of());
    List<String> key = keys.getOrDefault(relation.oid(), List.of());
    SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < relation.columns().size(); i++) {
      Column column = relation.columns().get(i);
      String name = column.name();
      if (!known.test(column)
          || !(chosen.isEmpty() || chosen.contains(name) || key.contains(name))) {
        continue;
      }
      switch (row.get(i)) {
        case Cell.Null _ -> values.put(name, null);
        case Cell.Text(String text) ->
            values.put(name, ColumnValue.of(column.type(), text, knowledge::json));
        case Cell.Unchanged _ -> {
          // Its value is not known here, and it did not change.
        }
      }
    }
    return ShortFields.of(values);
  }
}
