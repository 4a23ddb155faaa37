package dev.troth.server.source;

import java.util.List;

/** How a source is read. */
sealed interface SourceSettings permits HttpSettings, HookSettings, StreamSettings {
  /** The kind in a word. */
  String kind();

  /** What its changes are of, or what those subjects begin with. */
  String subject();

  /** Where it is, as it may be shown. */
  String shown();

  /** The part of each document that counts; empty for all of it. */
  String pointer();

  /** What no other source tells of. */
  default List<String> subjects() {
    return List.of(subject());
  }
}
