package dev.troth.server.db;

import dev.troth.server.ops.CannotStart;

/** The data folder's schema is not one that this program can continue from. */
public final class SchemaMismatch extends CannotStart {
  private static final long serialVersionUID = 1L;

  SchemaMismatch(String message) {
    super(message);
  }
}
