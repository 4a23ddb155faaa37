package dev.troth.slo.objective;

/**
 * An objective, or one of its groups, by one name: {@code orders}, {@code orders/acme}. No name of
 * an objective has a slash.
 *
 * @param group empty for the objective as a whole
 */
public record GroupKey(String objective, String group) {
  /** Reads the one name. */
  public static GroupKey parse(String name) {
    int slash = name.indexOf('/');
    return slash < 0
        ? new GroupKey(name, "")
        : new GroupKey(name.substring(0, slash), name.substring(slash + 1));
  }

  /** Whether it is a group. */
  public boolean isGroup() {
    return !group.isEmpty();
  }

  @Override
  public String toString() {
    return group.isEmpty() ? objective : objective + "/" + group;
  }
}
