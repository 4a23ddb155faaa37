package dev.troth.observe.discovery;

import java.util.List;
import java.util.Map;

/**
 * Where a process has functions, such as those of its TLS.
 *
 * @param file the executable or library, by a path that the agent can open
 * @param offsets names of functions, and of their ends, with the places in the file
 */
public record FunctionPlaces(String file, Map<String, List<Long>> offsets) {
  public FunctionPlaces {
    offsets = Map.copyOf(offsets);
  }
}
