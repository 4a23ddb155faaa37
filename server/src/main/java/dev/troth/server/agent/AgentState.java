package dev.troth.server.agent;

import java.util.Locale;

/** How an agent stands. */
enum AgentState {
  /** It tells all that it sees. */
  REPORTING,
  /** It has missed something a moment ago. */
  DROPPING,
  /** Nothing has come of it, and it has not said that it ends. */
  SILENT,
  /** It has ended in order. */
  STOPPED;

  /** Whether a person should know at once. */
  boolean isUrgent() {
    return this == SILENT || this == DROPPING;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static AgentState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
