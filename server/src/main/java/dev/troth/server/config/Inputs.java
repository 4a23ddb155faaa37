package dev.troth.server.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from, the strongest first.
 *
 * @param flags by the name of the key
 * @param environment all variables of the process
 * @param file the file that somebody named, which has to exist
 * @param folder where {@code troth.yaml} is looked for when nobody named a file
 */
public record Inputs(
    Map<String, String> flags, Map<String, String> environment, Optional<Path> file, Path folder) {

  /** Defaults and these flags alone; neither environment nor file is looked at. */
  public static Inputs flagsOnly(Map<String, String> flags) {
    return new Inputs(flags, Map.of(), Optional.empty(), Path.of("/nonexistent"));
  }
}
