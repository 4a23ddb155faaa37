package dev.troth.observe.capture;

/** Programs that come and go together with those of a capture. */
public interface Companion extends AutoCloseable {
  void attach();

  void detach();

  @Override
  void close();
}
