package dev.troth.server.ops;

import java.util.Locale;

/** How severe an event has to be to be logged. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARNING,
  ERROR;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
