package dev.troth.contracts.compile;

/** Thrown once for every malformed document: the reader that explains runs afterwards. */
final class MalformedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  static final MalformedException INSTANCE = new MalformedException();

  private MalformedException() {
    super("not a JSON document", null, false, false);
  }
}
