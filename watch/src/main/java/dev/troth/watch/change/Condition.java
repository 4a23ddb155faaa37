package dev.troth.watch.change;

import java.util.Set;

/**
 * What a change says of a state that somebody should look into: it begins, it ends, or the change
 * is about no such state. The last word of the type tells: {@code alert.fired} begins what {@code
 * alert.resolved} ends.
 *
 * @param name what the state is called, such as {@code alert page}; empty for {@link Turn#NEITHER}
 * @param key the same for the beginning and the end, and for nothing else of the subject
 */
public record Condition(Turn turn, String name, String key) {
  private static final Set<String> BEGIN =
      Set.of("fired", "opened", "lost", "crossed", "silent", "dropping", "disabled", "failed");
  private static final Set<String> END =
      Set.of(
          "resolved",
          "closed",
          "back",
          "recovered",
          "reporting",
          "stopped",
          "enabled",
          "succeeded");

  /** Which way it goes. */
  public enum Turn {
    BEGINS,
    ENDS,
    NEITHER
  }

  public static Condition of(Change change) {
    String subject = change.subject().toString();
    String type = change.type();
    int end = Math.max(type.lastIndexOf('.'), type.lastIndexOf('_'));
    String last = type.substring(end + 1);
    boolean begins = BEGIN.contains(last);
    if (end < 1 || (!begins && !END.contains(last))) {
      return new Condition(Turn.NEITHER, "", subject);
    }
    // An objective may page and have a ticket at once; each begins and ends by itself.
    Object alert = (begins ? change.after() : change.before()).values().get("alert");
    String name = type.substring(0, end) + (alert instanceof String text ? " " + text : "");
    name = PlainText.brief(name, 100);
    // So does each of its groups.
    Object group = (begins ? change.after() : change.before()).values().get("group");
    String part = group instanceof String text ? text : "";
    return new Condition(
        begins ? Turn.BEGINS : Turn.ENDS,
        part.isEmpty() ? name : PlainText.brief(name + " of " + part, 100),
        subject + " " + name + inGroup(part));
  }

  /** How keys of a group of a subject end; empty for what is of no group. */
  public static String inGroup(String group) {
    return group.isEmpty() ? "" : " in group " + group;
  }

  /** Whether a change makes news of an older one of the same subject stale. */
  public boolean outdates(Condition older) {
    return older.turn == Turn.NEITHER || older.key.equals(key);
  }
}
