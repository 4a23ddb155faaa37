package dev.troth.observe.span;

import dev.troth.observe.discovery.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which open requests of a process came with which trace context: a call that carries the very same
 * one, its span included, belongs to that request, as proxies pass headers on. Where several came
 * with the same, none is certain. Not thread-safe.
 */
final class Forwarding {
  private record Key(Target target, String context) {}

  private final Map<Key, List<Operation>> open = new HashMap<>();

  void began(Operation server) {
    Key key = key(server);
    if (key != null) {
      open.computeIfAbsent(key, added -> new ArrayList<>(1)).add(server);
    }
  }

  void ended(Operation server) {
    Key key = key(server);
    if (key == null) {
      return;
    }
    List<Operation> same = open.get(key);
    if (same != null && same.remove(server) && same.isEmpty()) {
      open.remove(key);
    }
  }

  /** The one open request that came with the context of this call. */
  @Nullable Operation source(Operation client) {
    Key key = key(client);
    List<Operation> same = key == null ? null : open.get(key);
    return same != null && same.size() == 1 ? same.getFirst() : null;
  }

  private static @Nullable Key key(Operation operation) {
    String context = operation.exchange().context();
    return operation.carried() == null || context == null
        ? null
        : new Key(operation.connection().target(), context.strip());
  }
}
