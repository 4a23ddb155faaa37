package dev.troth.observe.kernel;

/** A file descriptor of this process that holds a program, a map or an attachment. */
public final class Descriptor implements AutoCloseable {
  private final Bpf bpf;
  private int number;

  Descriptor(Bpf bpf, int number) {
    this.bpf = bpf;
    this.number = number;
  }

  int number() {
    return number;
  }

  @Override
  public void close() {
    if (number >= 0) {
      bpf.close(number);
      number = -1;
    }
  }
}
