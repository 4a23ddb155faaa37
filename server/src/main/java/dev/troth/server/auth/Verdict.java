package dev.troth.server.auth;

/** The answer to whether a token is genuine and valid now. */
public sealed interface Verdict {

  /** It is. */
  record Genuine(Claims claims) implements Verdict {}

  /**
   * It is not.
   *
   * @param reason for the one who sent it; says nothing that the token did not say itself
   */
  record Refused(String reason) implements Verdict {}
}
