package dev.troth.gate.keys;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words why a file cannot be read. */
final class Unreadable {
  private Unreadable() {}

  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "this user may not";
      case FileSystemException system when system.getReason() != null ->
          String.valueOf(system.getReason());
      default -> String.valueOf(e.getMessage());
    };
  }
}
