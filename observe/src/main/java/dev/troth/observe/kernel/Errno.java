package dev.troth.observe.kernel;

/**
 * The error numbers of the kernel that are told apart here; they are the same on both processors.
 */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int E2BIG = 7;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int ENOSYS = 38;

  private Errno() {}

  static String name(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM (not permitted)";
      case ENOENT -> "ENOENT (no such thing)";
      case E2BIG -> "E2BIG (too large)";
      case ENOMEM -> "ENOMEM (no memory)";
      case EACCES -> "EACCES (refused by the verifier)";
      case EINVAL -> "EINVAL (not known to this kernel)";
      case ENOSYS -> "ENOSYS (no such system call)";
      default -> "errno " + errno;
    };
  }
}
