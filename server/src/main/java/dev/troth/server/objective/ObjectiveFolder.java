package dev.troth.server.objective;

import dev.troth.slo.file.FileError;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads objective files from disk; what cannot be read is a problem, not a failure. */
public final class ObjectiveFolder {
  private static final int DEEPEST = 20;

  private ObjectiveFolder() {}

  /** Reads files and the files in folders, however deep, in order of their names. */
  public static Loaded read(List<Path> paths) {
    Texts texts = texts(paths);
    Loaded loaded = ObjectiveFiles.read(texts.byName());
    return loaded.with(texts.and(loaded.problems()));
  }

  /**
   * The texts of files.
   *
   * @param problems what could not be read
   */
  public record Texts(Map<String, String> byName, List<FileError> problems) {
    /** These problems and others. */
    public List<FileError> and(List<FileError> others) {
      List<FileError> all = new ArrayList<>(problems);
      all.addAll(others);
      return all;
    }
  }

  /** The texts of files, and of the files in folders, in order of their names. */
  public static Texts texts(List<Path> paths) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<FileError> problems = new ArrayList<>();
    for (Path path : paths) {
      for (Path file : files(path, problems)) {
        try {
          texts.put(file.toString(), Files.readString(file));
        } catch (IOException unreadable) {
          problems.add(new FileError(file.toString(), 1, "cannot be read: " + unreadable));
        }
      }
    }
    return new Texts(texts, problems);
  }

  /** Hidden folders are left out: a mounted configuration keeps its older versions in some. */
  private static List<Path> files(Path path, List<FileError> problems) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.walk(path, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files =
          entries
              .filter(file -> file.getFileName().toString().matches(".*\\.(yaml|yml|json)"))
              .filter(file -> !isHidden(path.relativize(file)) && !Files.isDirectory(file))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        problems.add(
            new FileError(
                path.toString(), 1, "holds no objective file, expected *.yaml, *.yml or *.json"));
      }
      return files;
    } catch (IOException | UncheckedIOException unreadable) {
      problems.add(new FileError(path.toString(), 1, "cannot be listed: " + unreadable));
      return List.of();
    }
  }

  private static boolean isHidden(Path file) {
    for (Path part : file) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }
}
