package dev.troth.server.watch;

/** What a user did to one notification in the inbox. */
enum Mark {
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
  String state() {
    return state;
  }

  boolean isDone() {
    return this == DONE || this == DONE_UNREAD;
  }

  Mark read() {
    return isDone() ? DONE : READ;
  }

  Mark unread() {
    return isDone() ? DONE_UNREAD : UNREAD;
  }

  Mark done() {
    return this == UNREAD || this == DONE_UNREAD ? DONE_UNREAD : DONE;
  }

  Mark undone() {
    return this == DONE_UNREAD || this == UNREAD ? UNREAD : READ;
  }
}
