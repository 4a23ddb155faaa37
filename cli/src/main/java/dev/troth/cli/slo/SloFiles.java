package dev.troth.cli.slo;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.InputFile;
import dev.troth.server.objective.ObjectiveFolder;
import dev.troth.slo.file.FileError;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.Objective;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that a {@code slo} command names. */
final class SloFiles {
  private SloFiles() {}

  /**
   * Files as named, and those in folders; one that is named and cannot be read is a usage error.
   */
  static ObjectiveFolder.Texts texts(List<Path> paths) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<FileError> problems = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        ObjectiveFolder.Texts below = ObjectiveFolder.texts(List.of(path));
        texts.putAll(below.byName());
        problems.addAll(below.problems());
      } else {
        texts.put(path.toString(), InputFile.text(path));
      }
    }
    return new ObjectiveFolder.Texts(texts, problems);
  }

  /** The objectives of files that hold nothing wrong. */
  static Loaded objectives(Path path) {
    ObjectiveFolder.Texts texts = texts(List.of(path));
    Loaded loaded = ObjectiveFiles.read(texts.byName());
    List<FileError> problems = texts.and(loaded.problems());
    if (!problems.isEmpty()) {
      throw CommandException.usage(problems.getFirst().toString());
    }
    return loaded;
  }

  /** The named one of what was read, or the first. */
  static Objective objective(Path path, Loaded loaded, @Nullable String name) {
    return loaded.objectives().stream()
        .filter(objective -> name == null || objective.name().equals(name))
        .findFirst()
        .orElseThrow(() -> CommandException.usage("%s has no objective %s".formatted(path, name)));
  }
}
