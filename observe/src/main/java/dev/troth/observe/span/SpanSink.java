package dev.troth.observe.span;

/** Where finished spans go. Called by the agent's one thread; must not block. */
public interface SpanSink extends AutoCloseable {
  void accept(Span span);

  /** Called about twenty times a second, with nanoseconds since 1970. */
  default void tick(long now) {}

  @Override
  default void close() {}
}
