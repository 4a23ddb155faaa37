package dev.troth.observe.kernel;

/** The kernel refused something; says what was asked and why it was refused. */
public final class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  KernelException(String asked, int errno) {
    super(asked + ": " + Errno.name(errno));
    this.errno = errno;
  }

  KernelException(String asked, int errno, String log) {
    super(asked + ": " + Errno.name(errno) + (log.isEmpty() ? "" : "; the verifier says: " + log));
    this.errno = errno;
  }

  /** The kernel's error number. */
  public int errno() {
    return errno;
  }

  /** Whether a map has no room for one more entry. */
  public boolean isFull() {
    return errno == Errno.E2BIG;
  }

  /** Whether the reason is a missing privilege. */
  public boolean isPermission() {
    return errno == Errno.EPERM;
  }
}
