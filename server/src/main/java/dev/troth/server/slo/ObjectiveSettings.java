package dev.troth.server.slo;

import dev.troth.slo.chain.Requests.Limits;
import java.nio.file.Path;
import java.util.List;

/**
 * Which objectives the platform keeps, and how it joins their requests.
 *
 * @param files objective files, or folders of files that end in .yaml, .yml or .json
 */
public record ObjectiveSettings(List<Path> files, Limits limits) {
  public ObjectiveSettings {
    files = List.copyOf(files);
  }
}
