package dev.troth.server.console;

import dev.troth.server.auth.Caller;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the console shows and does, as it asks the other systems.
 *
 * @param changes records, watches and the inbox
 */
public record Feeds(Changes changes) {

  /** Where the change log stands. */
  public record Position(String epoch, long rev) {}

  /**
   * Records, watches and the inbox, each list as the {@code items} of its API document. Methods
   * that change something take the caller as the actor.
   */
  public interface Changes {
    Position position();

    long unread(Caller caller);

    JsonNode records(int limit);

    Optional<JsonNode> record(String id);

    /** The changes of a subject, newest first. */
    JsonNode changes(String subject, int limit);

    /** Notifications that are not done, newest first. */
    JsonNode inbox(Caller caller, int limit);

    JsonNode watches(Caller caller);

    void update(String record, String value, Caller caller);

    void watch(String target, Caller caller);

    void unwatch(String watch, Caller caller);

    /**
     * Marks a notification {@code read}, {@code unread} or {@code done}; {@code undo} takes done
     * back.
     */
    void mark(String notification, String mark, Caller caller);

    void markAllRead(Caller caller);
  }
}
