package dev.troth.observe.discovery;

import java.util.Map;

/**
 * Where a process has the functions of OpenSSL.
 *
 * @param file the executable or library, by a path that the agent can open
 * @param offsets the functions' names and where they lie in the file
 */
public record TlsLibrary(String file, Map<String, Long> offsets) {
  public TlsLibrary {
    offsets = Map.copyOf(offsets);
  }
}
