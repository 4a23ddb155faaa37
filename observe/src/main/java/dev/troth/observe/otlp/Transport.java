package dev.troth.observe.otlp;

/** Carries one export to the receiver and brings the answer. Used by one thread. */
public interface Transport extends AutoCloseable {
  Reply send(Signal signal, byte[] message);

  @Override
  void close();
}
