package dev.troth.server.ops;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT: the first asks for an orderly stop, the second ends the process at once.
 *
 * <p>Shutdown hooks would do for the first, but the JVM keeps later signals to itself. So both are
 * taken through {@code sun.misc.Signal}, by its name, because every mention of the class is a
 * warning that cannot be silenced.
 */
public final class StopSignal {
  private final CountDownLatch asked = new CountDownLatch(1);

  private StopSignal() {}

  /** Takes over both signals from the JVM. */
  public static StopSignal install() {
    StopSignal stop = new StopSignal();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object receiver =
          Proxy.newProxyInstance(
              StopSignal.class.getClassLoader(), new Class<?>[] {handler}, stop::receive);
      Method handle = signal.getMethod("handle", signal, handler);
      for (String name : new String[] {"TERM", "INT"}) {
        handle.invoke(null, signal.getConstructor(String.class).newInstance(name), receiver);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no signals", e);
    }
    return stop;
  }

  /** Waits for the first signal. */
  public void await() throws InterruptedException {
    asked.await();
  }

  private @Nullable Object receive(Object proxy, Method method, Object @Nullable [] arguments) {
    if (!method.getName().equals("handle")) {
      throw new IllegalStateException(method + " was called on a signal handler");
    }
    if (asked.getCount() == 0) {
      // As a shell says that a process was killed: 128 and more.
      Runtime.getRuntime().halt(130);
    }
    asked.countDown();
    return null;
  }
}
