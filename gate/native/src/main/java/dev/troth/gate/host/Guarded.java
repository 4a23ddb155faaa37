package dev.troth.gate.host;

import org.jspecify.annotations.Nullable;
import org.teavm.interop.Function;

/**
 * Runs work of which the process does not die: an exception or a full heap ends the work alone. The
 * static is what C can call without an object.
 */
final class Guarded {
  private static @Nullable Runnable work;

  private Guarded() {}

  /** Calls {@link #run()} from C. */
  abstract static class Call extends Function {
    abstract void call();
  }

  public static void run() {
    Runnable present = work;
    if (present != null) {
      present.run();
    }
  }

  /** Does the work; whether it came to its end. */
  static boolean does(Runnable present) {
    work = present;
    return Native.guard(Function.get(Call.class, Guarded.class, "run")) == 0;
  }
}
