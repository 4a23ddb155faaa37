package dev.troth.observe.postgres;

import dev.troth.observe.sql.Statement;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The prepared statements and portals of one connection, as many as a pool usually keeps. */
final class Prepared {
  private static final int MOST = 256;
  private static final int BYTES_OF_ONE = 100;

  private final Map<String, Statement> prepared = bounded();
  private final Map<String, Statement> portals = bounded();

  private static Map<String, Statement> bounded() {
    return new LinkedHashMap<>(4, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Statement> eldest) {
        return size() > MOST;
      }
    };
  }

  void parsed(String name, Statement statement) {
    prepared.put(name, statement);
  }

  void bound(String portal, String name) {
    portals.put(portal, prepared.getOrDefault(name, Statement.UNKNOWN));
  }

  Statement ofPortal(String portal) {
    return portals.getOrDefault(portal, Statement.UNKNOWN);
  }

  /** The content says which kind, then the name. */
  void closed(byte[] content) {
    if (content.length < 2) {
      return;
    }
    String name = new String(content, 1, content.length - 2, StandardCharsets.UTF_8);
    if (content[0] == 'P') {
      portals.remove(name);
    } else {
      prepared.remove(name);
    }
  }

  int held() {
    return (prepared.size() + portals.size()) * BYTES_OF_ONE;
  }
}
