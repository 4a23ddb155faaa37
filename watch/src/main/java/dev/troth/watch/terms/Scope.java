package dev.troth.watch.terms;

import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.List;

/**
 * What a preference is about: {@code all}, the subjects of a type ({@code type:record}), or one
 * watch, by its target ({@code watch:record/42}). The narrower one decides.
 */
public sealed interface Scope {
  /** Everything a user is told. */
  record All() implements Scope {
    @Override
    public String toString() {
      return "all";
    }
  }

  /** Changes of the subjects of a type. */
  record Type(String type) implements Scope {
    public Type {
      var _ = new Subject(type, "x");
    }

    @Override
    public String toString() {
      return "type:" + type;
    }
  }

  /** What the watch of a target tells. */
  record OfWatch(Target target) implements Scope {
    @Override
    public String toString() {
      return "watch:" + target;
    }
  }

  /** Reads the written form. */
  static Scope parse(String text) {
    if (text.equals("all")) {
      return new All();
    }
    if (text.startsWith("type:")) {
      return new Type(text.substring(5));
    }
    if (text.startsWith("watch:")) {
      return new OfWatch(Target.parse(text.substring(6)));
    }
    throw new IllegalArgumentException(
        "scope is '%s', expected all, type:TYPE or watch:TARGET".formatted(text));
  }

  /** The scopes that a change falls under by a watch, the narrowest first. */
  static List<Scope> covering(Subject subject, Target watched) {
    return List.of(new OfWatch(watched), new Type(subject.type()), new All());
  }
}
