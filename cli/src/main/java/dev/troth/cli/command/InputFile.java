package dev.troth.cli.command;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the files that a command line names; one that cannot be read is a usage error. */
public final class InputFile {
  private InputFile() {}

  /** What a file holds. */
  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw CommandException.usage(unreadable(file, e));
    }
  }

  /** What a file of text holds. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandException.usage(unreadable(file, e));
    }
  }

  /** One sentence that says why a file cannot be read, in words rather than classes. */
  public static String unreadable(Path file, IOException e) {
    return file + ": " + (Files.isDirectory(file) ? "is a folder, expected a file" : reason(e));
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "cannot be read: this user may not";
      case CharacterCodingException _ -> "cannot be read: it is no text in UTF-8";
      case FileSystemException system when system.getReason() != null ->
          "cannot be read: " + system.getReason();
      default -> "cannot be read: " + e.getMessage();
    };
  }
}
