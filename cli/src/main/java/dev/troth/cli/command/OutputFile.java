package dev.troth.cli.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files that a command writes, and why one could not be written. */
public final class OutputFile {
  private OutputFile() {}

  /** The end of a command: who named the file can name another. */
  public static CommandException unwritable(Path file, IOException e) {
    return CommandException.usage("%s cannot be written: %s".formatted(file, reason(file, e)));
  }

  private static String reason(Path file, IOException e) {
    if (Files.isDirectory(file)) {
      return "it is a folder, expected a file";
    }
    return switch (e) {
      case NoSuchFileException _ -> "its folder does not exist";
      case AccessDeniedException _ -> "this user may not";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
