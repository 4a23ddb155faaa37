package dev.troth.server.db;

/** The database refused work because too much of it already waits; nothing was done. */
public final class DatabaseBusy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseBusy(String lane, int waiting) {
    super(lane + " has " + waiting + " transactions waiting and takes no more");
  }
}
