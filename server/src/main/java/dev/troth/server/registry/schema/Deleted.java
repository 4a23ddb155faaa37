package dev.troth.server.registry.schema;

/** Whether versions that were deleted, and can still be deleted for good, are meant. */
public enum Deleted {
  LEFT_OUT("v.deleted = 0"),
  INCLUDED("1 = 1"),
  ALONE("v.deleted = 1");

  private final String condition;

  Deleted(String condition) {
    this.condition = condition;
  }

  /** In SQL, of the versions {@code v}. */
  public String condition() {
    return condition;
  }
}
