package dev.troth.observe.span;

/** Tells the name of a thread, or an empty text when it has ended. */
@FunctionalInterface
public interface ThreadNames {
  String name(int process, int thread);
}
