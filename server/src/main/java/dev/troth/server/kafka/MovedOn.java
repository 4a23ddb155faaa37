package dev.troth.server.kafka;

/** Another platform has moved the place on: what was about to be written is not. */
final class MovedOn extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MovedOn(String what) {
    super(what, null, false, false);
  }
}
