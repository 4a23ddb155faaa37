package dev.troth.contracts.generate;

/**
 * One generated file.
 *
 * @param path relative to the output folder, with {@code /}
 */
public record SourceText(String path, String text) {
  /** What the first line of every generated file ends with. */
  public static final String MARKER = "DO NOT EDIT.";
}
