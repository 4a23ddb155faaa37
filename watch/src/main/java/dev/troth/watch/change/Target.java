package dev.troth.watch.change;

import java.util.ArrayList;
import java.util.List;

/**
 * What a watch looks at: one subject, a collection, or everything. Written as {@code record/42},
 * {@code record/*}, {@code table/shop.orders/*}, {@code *}.
 *
 * <p>For one change a user is told by one watch alone, the most specific one; {@link #covering}
 * lists the targets in that order.
 */
public sealed interface Target {

  /** One subject. */
  record One(Subject subject) implements Target {
    @Override
    public String toString() {
      return subject.toString();
    }
  }

  /**
   * All subjects of a type, or those whose id begins with a prefix.
   *
   * @param prefix empty, or whole segments with the closing slash: {@code shop.orders/}
   */
  record Collection(String type, String prefix) implements Target {
    public Collection {
      var _ = new Subject(type, prefix + "x");
      if (!prefix.isEmpty() && !prefix.endsWith("/")) {
        throw new IllegalArgumentException(
            "target prefix is '%s', expected to end with '/'".formatted(prefix));
      }
    }

    @Override
    public String toString() {
      return type + "/" + prefix + "*";
    }
  }

  /** Every subject; meant to be narrowed by a filter. */
  record Everything() implements Target {
    @Override
    public String toString() {
      return "*";
    }
  }

  /** Reads the written form. */
  static Target parse(String text) {
    if (text.equals("*")) {
      return new Everything();
    }
    int slash = text.indexOf('/');
    if (slash < 1) {
      throw new IllegalArgumentException(
          "target is '%s', expected type/id, type/* or *".formatted(text));
    }
    if (text.endsWith("/*")) {
      int end = text.length() - 1;
      return new Collection(text.substring(0, slash), text.substring(slash + 1, end));
    }
    return new One(Subject.parse(text));
  }

  /** The targets that cover a subject, most specific first. */
  static List<Target> covering(Subject subject) {
    List<Target> targets = new ArrayList<>();
    targets.add(new One(subject));
    String id = subject.id();
    for (int slash = id.lastIndexOf('/'); slash > 0; slash = id.lastIndexOf('/', slash - 1)) {
      targets.add(new Collection(subject.type(), id.substring(0, slash + 1)));
    }
    targets.add(new Collection(subject.type(), ""));
    targets.add(new Everything());
    return List.copyOf(targets);
  }

  /** How many targets cover a subject, without making them. */
  static int countCovering(Subject subject) {
    int count = 3;
    String id = subject.id();
    for (int slash = id.lastIndexOf('/'); slash > 0; slash = id.lastIndexOf('/', slash - 1)) {
      count++;
    }
    return count;
  }

  /** Whether changes of the subject fall under this target. */
  default boolean covers(Subject subject) {
    return switch (this) {
      case One(Subject own) -> own.equals(subject);
      case Collection(String type, String prefix) ->
          type.equals(subject.type()) && subject.id().startsWith(prefix);
      case Everything() -> true;
    };
  }
}
