package dev.troth.cli.command;

import java.util.Locale;

/** How a command prints what it found; shells complete it as it is written. */
public enum Format {
  /** For people. */
  TEXT,
  /** One document. */
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
