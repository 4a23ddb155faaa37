package dev.troth.server.inbox;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a user did to one notification in the inbox. */
public enum Mark {
  READ("read"),
  UNREAD("unread"),
  /** Done, and read before. */
  DONE("done"),
  /** Done without having been read; undoing brings it back unread. */
  DONE_UNREAD("done");

  private final String state;

  Mark(String state) {
    this.state = state;
  }

  /** As the API shows it. */
  @JsonValue
  public String state() {
    return state;
  }

  public boolean isDone() {
    return this == DONE || this == DONE_UNREAD;
  }

  public Mark read() {
    return isDone() ? DONE : READ;
  }

  public Mark unread() {
    return isDone() ? DONE_UNREAD : UNREAD;
  }

  public Mark done() {
    return this == UNREAD || this == DONE_UNREAD ? DONE_UNREAD : DONE;
  }

  public Mark undone() {
    return this == DONE_UNREAD || this == UNREAD ? UNREAD : READ;
  }
}
