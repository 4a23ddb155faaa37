package dev.troth.observe.log;

/** Where lines go. Called by the agent's one thread; must not block. */
@FunctionalInterface
public interface LogSink {
  /** Takes no lines. */
  LogSink NONE = line -> {};

  void accept(LogLine line);
}
