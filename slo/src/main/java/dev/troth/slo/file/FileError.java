package dev.troth.slo.file;

/** Something wrong in an objective file, and where. */
public record FileError(String file, int line, String message) {
  @Override
  public String toString() {
    return file + ":" + line + ": " + message;
  }
}
