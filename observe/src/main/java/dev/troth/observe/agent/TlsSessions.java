package dev.troth.observe.agent;

import dev.troth.observe.capture.Event;
import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.span.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which session of TLS lies on which socket. Most programs let OpenSSL read and write the socket:
 * what passes within a call of a session belongs to it. Node and Python's asyncio do it themselves,
 * and a read of the socket is followed on the same thread by a call of OpenSSL, before anything
 * else passes there: so the first such call of a session behind encrypted bytes on a socket tells
 * that they belong together. Whatever else passes on the thread in between, or more than a moment,
 * and nothing is concluded. Not thread-safe.
 *
 * @param <S> what is kept of a socket
 */
final class TlsSessions<S> {
  private static final long MOMENT_NANOS = 200_000_000;
  private static final int MOST = 8_192;

  private record Session(int process, long address) {}

  private record Touched<S>(S socket, Connection connection, long time) {}

  private final Map<Integer, Touched<S>> touched = new HashMap<>();
  private final Map<Session, S> sessions =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Session, S> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Whether what is read of the target is followed at once by a call of OpenSSL. Of Python only the
   * first bytes of sockets that do not wait are taken so: others may have been read within a call
   * that began before the agent.
   */
  static boolean tellsByOrder(Event event, Target target) {
    return target.runtime() == RuntimeKind.NODE
        || (target.runtime() == RuntimeKind.PYTHON && event.fresh() && !event.blocking());
  }

  /** Encrypted bytes were read from a socket of which nothing else is known. */
  void touched(int thread, S socket, Connection connection, long time) {
    if (touched.size() > MOST) {
      touched.clear();
    }
    touched.put(thread, new Touched<>(socket, connection, time));
  }

  /** Something else passed on the thread. */
  void passed(int thread) {
    touched.remove(thread);
  }

  /** What is kept of the session's socket, or {@code null}. */
  @Nullable S of(int process, long address) {
    return sessions.get(new Session(process, address));
  }

  /** The socket that a session proves to lie on with this event, or empty-handed {@code null}. */
  @Nullable S join(Event event) {
    Touched<S> before = touched.remove(event.thread());
    return before != null
            && before.connection.target().process() == event.process()
            && event.entered() - before.time <= MOMENT_NANOS
        ? before.socket
        : null;
  }

  void put(int process, long address, S session) {
    sessions.put(new Session(process, address), session);
  }

  @Nullable S remove(Event event) {
    return sessions.remove(new Session(event.process(), event.cookie()));
  }

  /** What is kept of all sessions. */
  Collection<S> all() {
    return sessions.values();
  }

  /** All sessions of a process, which are then forgotten. */
  List<S> gone(int process) {
    List<S> of = new ArrayList<>();
    sessions
        .entrySet()
        .removeIf(entry -> {
          boolean its = entry.getKey().process == process;
          if (its) {
            of.add(entry.getValue());
          }
          return its;
        });
    return of;
  }
}
