package dev.troth.watch;

/** Whether a watcher is told of changes that they made themselves. */
public enum OwnChanges {
  TOLD,
  LEFT_OUT
}
